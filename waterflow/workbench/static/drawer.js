// The hydrograph of a reservoir: what it holds, the range it was seen in, what it lets go.
import { bandLegend, bands } from "./chances.js";
import { el, figure, id, put, svg } from "./dom.js";
import { forecastLines, forecasts, ledgerLegend, newest } from "./ledger.js";
import { factTable, factsOf, dots, means } from "./seen.js";
import { comparable, table } from "./table.js";
import { difference, monthOf, number, say } from "./words.js";

let level = false;
let width = 0;

export function paintDrawer(close, redraw) {
  const place = id("drawer");
  place.hidden = !table.drawer;
  if (!table.drawer || !table.picture) return put(place);
  const { river, picture } = table;
  const drawn = river.reservoirs.find((r) => r.name === table.drawer);
  const plan = picture.reservoirs.find((r) => r.name === table.drawer);
  const title = river.nodes.find((n) => n.name === table.drawer).title;
  const toggle = drawn.levels.length > 1 ? el("button", { type: "button", "aria-pressed": String(level), "data-key": "level", onclick: () => {
    level = !level;
    redraw();
  } }, level ? say("Show the volume") : say("Show the level")) : null;
  put(place,
    el("header", {}, el("h2", {}, title), el("span", { class: "quiet" }, level ? say("level at the end of each period, m") : say("stored at the end of each period, million m³")), el("span", { class: "spring" }), figure(`${table.drawer}_storage`, say("Why so much?")), toggle,
      el("button", { type: "button", "data-key": "close", "aria-label": say("Close"), onclick: close }, "✕")),
    el("div", { class: "grid" }, el("div", { id: "chart" }), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Release by period") }, release(plan))), factTable(plan.name));
  width = id("chart").clientWidth;
  id("chart").append(...[stored(drawn, plan, width), let_go(plan, width), came(plan, width)].filter(Boolean), el("div", { class: "legend" }, el("span", {}, say("blue: plan; grey: range seen; dashed: pinned; red: full and lowest")),
    factsOf(table.drawer).length ? el("span", {}, say("dots: fact; hollow where it was worked out or not checked; a line: the mean of that time")) : null, bandLegend(), ledgerLegend(plan.name)));
}

new ResizeObserver(() => {
  const chart = id("chart");
  if (chart?.clientWidth && chart.clientWidth !== width) document.dispatchEvent(new CustomEvent("resized"));
}).observe(id("drawer"));

const pinnedOf = (name) => (comparable() ? table.pinned.picture.reservoirs.find((r) => r.name === name) : undefined);

function inLevel(drawn, storage) {
  const curve = drawn.levels;
  for (let k = 1; k < curve.length; k++) {
    if (storage <= curve[k][0] || k === curve.length - 1) {
      const [[s0, l0], [s1, l1]] = [curve[k - 1], curve[k]];
      return l0 + ((storage - s0) * (l1 - l0)) / (s1 - s0);
    }
  }
  return storage;
}

function ticks(low, high) {
  const raw = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw);
  const found = [];
  for (let t = Math.ceil(low / step) * step; t <= high + 1e-9; t += step) found.push(t);
  return found;
}

function frame(width, height, low, high, names) {
  const [left, right, top, bottom] = [56, 12, 10, 20];
  const x = (k, count) => left + ((width - left - right) * k) / count;
  const y = (value) => height - bottom - ((height - top - bottom) * (value - low)) / (high - low || 1);
  const few = Math.max(1, Math.ceil(names.length / Math.max(1, Math.floor((width - left) / 46))));
  const parts = ticks(low, high).flatMap((t) => [svg("path", { d: `M${left} ${y(t)}H${width - right}`, stroke: "var(--rule)" }), svg("text", { x: left - 6, y: y(t) + 4, "text-anchor": "end" }, number(t))]);
  names.forEach((name, k) => k % few === 0 && parts.push(svg("text", { x: x(k + 0.5, names.length), y: height - 5, "text-anchor": "middle" }, name)));
  return { x, y, parts };
}

function stored(drawn, plan, width) {
  const of = (value) => (level ? inLevel(drawn, value) : value);
  const names = table.river.periods.map(monthOf);
  const count = names.length;
  const series = [drawn.opening, ...plan.storage].map(of);
  const pinned = pinnedOf(plan.name);
  const old = pinned && pinned.storage.length === count ? [drawn.opening, ...pinned.storage].map(of) : null;
  const seen = drawn.seen_low.map((v, k) => (v === null || drawn.seen_high[k] === null ? null : [of(v), of(drawn.seen_high[k])]));
  const limits = [of(drawn.lowest), of(drawn.full)];
  const facts = factsOf(plan.name, "storage").map((f) => ({ ...f, shown: of(f.value) }));
  const chance = bands(plan.name, "storage", of);
  const again = newest(plan.name, "storage")?.map(of);
  const coming = forecasts(plan.name, "storage").map((f) => of(f.value));
  const all = [...series, ...(again ?? []), ...coming, ...chance.values, ...limits, ...facts.map((f) => f.shown), ...seen.filter(Boolean).flat(), ...(old ?? [])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const { x, y, parts } = frame(width, 240, low - 0.04 * (high - low), high + 0.04 * (high - low), names);
  const band = seen.map((v, k) => (v ? svg("path", { d: `M${x(k, count)} ${y(v[0])}V${y(v[1])}H${x(k + 1, count)}V${y(v[0])}Z`, fill: "var(--soft)" }) : null));
  const line = (values, colour, w, dash = null) => svg("path", { d: values.map((v, k) => `${k ? "L" : "M"}${x(k, count)} ${y(v)}`).join(""), fill: "none", stroke: colour, "stroke-width": w, "stroke-dasharray": dash });
  const edges = limits.map((v) => svg("path", { d: `M${x(0, count)} ${y(v)}H${x(count, count)}`, stroke: "var(--negative)", "stroke-width": 1.2 }));
  const said = say("{title}: {first} at the start, {last} at the end", { title: plan.name, first: number(series[0]), last: number(series[count]) });
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} 240`, width, height: 240, role: "img", "aria-label": said }, ...band, ...chance.drawn(x, y), ...parts, ...edges, old ? line(old, "var(--ink)", 1.4, "5 3") : null, line(series, "var(--deep)", 2), again ? svg("path", { class: "newest", d: [series[0], ...again].map((v, k) => `${k ? "L" : "M"}${x(k, count)} ${y(v)}`).join("") }) : null, ...forecastLines(plan.name, "storage", of, (at) => x(at, count), y), ...dots(facts, (at) => x(at, count), y));
}

const let_go = (plan, width) => flow(plan, width, "release", say("Release, m³/s"));

// What comes in is drawn where somebody saw or forecasts it.
const came = (plan, width) => (factsOf(plan.name, "inflow").length || forecasts(plan.name, "inflow").length ? flow(plan, width, "inflow", say("Inflow, m³/s")) : null);

function flow(plan, width, what, called) {
  const names = table.river.periods.map(monthOf);
  const count = names.length;
  const facts = factsOf(plan.name, what).map((f) => ({ ...f, shown: f.value }));
  const pinned = pinnedOf(plan.name);
  const old = pinned && pinned[what].length === count ? pinned[what] : [];
  const chance = what === "release" ? bands(plan.name, "release", (value) => value) : { values: [], drawn: () => [] };
  const again = newest(plan.name, what);
  const high = Math.max(1, ...plan[what], ...chance.values, ...old, ...(again ?? []), ...facts.map((f) => f.value), ...forecasts(plan.name, what).map((f) => f.value)) * 1.08;
  const { x, y, parts } = frame(width, 150, 0, high, names);
  const steps = (values, more) => svg("path", { fill: "none", ...more, d: values.map((v, k) => `${k ? "L" : "M"}${x(k, count)} ${y(v)}L${x(k + 1, count)} ${y(v)}`).join("") });
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} 150`, width, height: 150, role: "img", "aria-label": called }, svg("title", {}, called), ...chance.drawn(x, y), ...parts, svg("text", { x: x(0, count) + 4, y: 9 }, called), old.length ? steps(old, { stroke: "var(--ink)", "stroke-width": 1.4, "stroke-dasharray": "5 3" }) : null,
    steps(plan[what], { stroke: "var(--deep)", "stroke-width": 2 }), again ? steps(again, { class: "newest" }) : null, ...forecastLines(plan.name, what, (value) => value, (at) => x(at, count), y), ...means(facts, (at) => x(at, count), y));
}

function release(plan) {
  const pinned = pinnedOf(plan.name);
  const same = pinned && pinned.release.length === plan.release.length;
  const heads = ["", say("in, m³/s"), say("out, m³/s"), ...(same ? [say("out in {mark}, pinned", { mark: table.pinned.mark }), say("change of it")] : [])];
  const rows = plan.release.map((v, k) => [monthOf(table.river.periods[k]), number(plan.inflow[k]), number(v), ...(same ? [number(pinned.release[k]), difference(v, pinned.release[k])] : [])]);
  return el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...rows.map(([name, ...cells]) => el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((c) => el("td", {}, c))))));
}
