// What two parties could give each other: plans that levers reach, drawn by what both gain; a click sets the levers so.
import { noDealOf, riverKey } from "./asked.js";
import { el, id, put, shape, svg } from "./dom.js";
import { long, work, works } from "./long.js";
import { move, question, state } from "./store.js";
import { gains, lakeOf, partyOf, table } from "./table.js";
import { money, number, percent, say } from "./words.js";

let pair = [];
let chose = false;
let width = 0;

const plan = () => JSON.stringify({ ...question({}), lang: "" });
const stale = () => table.trade && table.trade.of !== plan() && !(table.trade.plans ?? []).some(isNow);

async function asked(paint, tried) {
  const [of, order, river] = [plan(), state().order, riverKey()];
  const found = await long("trade_offs", question({ parties: pair, ...(table.monthly ? { step: "month" } : {}) }), paint, tried);
  if (found?.status !== "trade_offs") return;
  table.trade = { ...found, of, order, river };
  paint();
}

const sorted = (questions) => JSON.stringify(Object.entries(questions).sort());
// A plan without an order of its own has the one that stood when it was asked for.
const orderOf = (p) => (p.order.length ? p.order : table.trade.order);
const isNow = (p) => sorted(p.questions) === sorted(state().questions) && orderOf(p).join() === state().order.join();

// The name of a plan: what it moves.
function told(p) {
  const titles = p.moved.map((address) => {
    if (address === "order") return say("order: {first}, then {second}", { first: priority(p.order[0]), second: priority(p.order[1]) });
    const lever = table.river.levers.find((l) => l.address === address);
    const value = p.questions[address];
    const figure = typeof value === "string" ? percent(Number(value.slice(1))) : number(value);
    return `${lever?.title ?? address}: ${figure}`;
  });
  return titles.length ? titles.join("; ") : say("as on the page");
}

const priority = (name) => table.river.priorities.find((p) => p.name === name)?.title ?? name;

function set(p) {
  move({ questions: { ...p.questions }, order: [...orderOf(p)] }, told(p));
}

// To begin with, the two that stand furthest apart.
function furthest(parties, picture) {
  const found = gains(picture, noDealOf(picture));
  if (!found) return parties.slice(0, 2);
  const ranked = [...parties].sort((a, b) => found[a].central - found[b].central);
  return [ranked[0], ranked.at(-1)];
}

export function paintTrade(paint, tried) {
  const place = id("trade");
  const { river, picture } = table;
  if (!picture || !river) return put(place);
  if (!picture.values || river.parties.length < 2) return put(place, el("header", {}, el("h2", {}, say("What two parties could give each other"))), el("p", { class: "quiet" }, say("Nothing in this river has a value: gains cannot be told.")));
  if (!pair.length || (!chose && !table.trade) || pair.some((p) => !river.parties.includes(p))) pair = furthest(river.parties, picture);
  const choose = (k, label) => el("select", { "aria-label": label, "data-key": `pair-${k}`, onchange: (event) => {
    chose = true;
    pair[k] = event.target.value;
    if (pair[0] === pair[1]) pair[1 - k] = river.parties.find((p) => p !== pair[k]);
    paint();
  } }, ...river.parties.map((p) => el("option", { value: p, selected: p === pair[k] }, p)));
  const button = el("button", { type: "button", class: "plain", "data-key": "ask-trade", onclick: () => asked(paint, tried) }, say("Try plans"));
  if (table.trade && table.trade.river !== riverKey()) table.trade = null;
  const own = table.trade && pair.every((p, k) => p === table.trade.parties[k]);
  put(place,
    el("header", {}, el("h2", {}, say("What two parties could give each other")), el("span", { class: "spring" }), ...(works("trade_offs") ? [] : [choose(0, say("One party")), choose(1, say("Other party")), button])),
    works("trade_offs") ? work("trade_offs", paint) : null,
    own ? answer(table.trade) : el("p", { class: "quiet" }, say("Tries about thirty settings of the levers and of who is served first, each a plan this page can make, and draws what both parties would gain. It takes up to two minutes.")));
  const chart = id("traded");
  if (chart) {
    width = chart.clientWidth;
    chart.append(drawn(table.trade, width));
  }
}

new ResizeObserver(() => {
  const chart = id("traded");
  if (chart?.clientWidth && chart.clientWidth !== width) document.dispatchEvent(new CustomEvent("resized"));
}).observe(id("trade"));

function answer(found) {
  const cards = packages(found).map(([p, names]) => card(p, names));
  const tried = say("Plans tried: {count}; settings without a plan: {clashed}; left out, as there was no time for all: {left}.", { count: found.plans.length, clashed: found.clashed, left: found.left_out });
  return el("div", {},
    stale() ? el("p", { class: "worse" }, say("Of the plan before: a lever has moved since.")) : null,
    el("p", {}, say("Each dot is a plan this page can make; those joined by the line are bettered by no other for both parties. Filled dots are on the line or have a card (a card may be for a third party or the lake, and lie off the line), hollow ones are bettered. Click a filled one, or a card: the levers move there and the page answers.")),
    el("div", { class: "two" }, el("div", { id: "traded" }), el("div", { class: "cards" }, ...cards)),
    el("p", { class: "small quiet" }, tried, " ", say("Dashed: where all parties planned together for money alone, none below no deal. No lever promises that; it shows what is there beyond them."), " ",
      say("Million USD against no deal, values are assumed. Plans much worse for both are not drawn.")));
}

// Plans worth a name, each once, with all its names.
function packages(found) {
  const named = new Map();
  for (const { kind, number: k } of found.packages) named.set(k, [...(named.get(k) ?? []), kind]);
  return [...named].map(([k, kinds]) => [found.plans[k], kinds.map(called)]);
}

function called(kind) {
  if (kind === "together") return say("most for all together");
  if (kind === "worst_off") return say("best for whoever has least");
  if (kind === "target") return say("most to {title}", { title: lakeOf() });
  return say("most for {party}", { party: partyOf(kind.split("/")[1]) });
}

function card(p, names) {
  const now = isNow(p);
  return el("div", { class: "way" }, el("h3", {}, sentence(names.join(", "))), el("p", { class: "small quiet" }, told(p)),
    el("p", { class: "small" }, ...table.river.parties.flatMap((party, k) => [el("span", { class: "gain" }, shape(k), `${party}\u00a0`, el("b", {}, money(p.gains_MUSD[party]))), " "])),
    now ? el("p", { class: "small" }, say("on the page now")) : el("button", { type: "button", "data-key": `trade-${p.number}`, "data-plan": p.number, onclick: () => set(p) }, say("Set the levers so")));
}

const sentence = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

function ticks(low, high) {
  const raw = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw);
  const found = [];
  for (let t = Math.ceil(low / step) * step; t <= high + 1e-9; t += step) found.push(Math.abs(t) < 1e-9 ? 0 : t);
  return found;
}

function drawn(found, width) {
  const [a, b] = found.parties;
  const height = Math.min(340, Math.max(240, width * 0.7));
  const [left, right, top, bottom] = [54, 14, 26, 36];
  const worth = new Set(found.packages.map((p) => p.number));
  const opens = (p) => p.unbettered || worth.has(p.number);
  // plans that others better by far would squeeze the rest into a corner: they lie beyond the edges
  const points = found.plans.filter((p) => p.number === 0 || opens(p)).map((p) => [p.gains_MUSD[a], p.gains_MUSD[b]]);
  const now = gains(table.picture, noDealOf(table.picture));
  const all = [...points, ...found.joint, [0, 0], ...(now ? [[now[a].central, now[b].central]] : [])];
  const span = (k) => {
    const [low, high] = [Math.min(...all.map((p) => p[k])), Math.max(...all.map((p) => p[k]))];
    const room = 0.08 * (high - low || 1);
    return [low - room, high + room];
  };
  const [[x0, x1], [y0, y1]] = [span(0), span(1)];
  const x = (v) => left + ((width - left - right) * (v - x0)) / (x1 - x0);
  const y = (v) => height - bottom - ((height - top - bottom) * (v - y0)) / (y1 - y0);
  const grid = [
    ...ticks(x0, x1).flatMap((t) => [svg("path", { d: `M${x(t)} ${top}V${height - bottom}`, stroke: t === 0 ? "var(--ink2)" : "var(--rule)" }), svg("text", { x: x(t), y: height - bottom + 15, "text-anchor": "middle" }, money(t).replace(/[.,]0$/, ""))]),
    ...ticks(y0, y1).flatMap((t) => [svg("path", { d: `M${left} ${y(t)}H${width - right}`, stroke: t === 0 ? "var(--ink2)" : "var(--rule)" }), svg("text", { x: left - 6, y: y(t) + 4, "text-anchor": "end" }, money(t).replace(/[.,]0$/, ""))]),
    svg("text", { x: width - right, y: height - 4, "text-anchor": "end" }, say("{party} gains, million USD →", { party: a })),
    svg("text", { x: 4, y: 12 }, say("↑ {party} gains, million USD", { party: b })),
  ];
  const path = (list) => list.map(([u, v], k) => `${k ? "L" : "M"}${x(u)} ${y(v)}`).join("");
  const line = found.plans.filter((p) => p.unbettered).map((p) => [p.gains_MUSD[a], p.gains_MUSD[b]]).sort((p, q) => p[0] - q[0]);
  const inside = (p) => p.gains_MUSD[a] >= x0 && p.gains_MUSD[a] <= x1 && p.gains_MUSD[b] >= y0 && p.gains_MUSD[b] <= y1;
  const dots = [...found.plans].filter(inside).sort((p, q) => opens(p) - opens(q)).map((p) => dot(p, x(p.gains_MUSD[a]), y(p.gains_MUSD[b]), opens(p), [a, b]));
  const here = now ? svg("path", { d: `M${x(now[a].central) - 7} ${y(now[b].central) - 7}h14v14h-14z`, fill: "none", stroke: "var(--ink)", "stroke-width": 2 }) : null;
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": say("What {one} and {other} would gain, plan by plan; square: the plan on the page", { one: a, other: b }) },
    ...grid, svg("path", { d: path(found.joint), fill: "none", stroke: "var(--positive)", "stroke-width": 2, "stroke-dasharray": "5 4" }), svg("path", { d: path(line), fill: "none", stroke: "var(--deep)", "stroke-width": 1.5 }), ...dots, here);
}

function dot(p, cx, cy, open, [a, b]) {
  if (!open) return svg("circle", { cx, cy, r: 4, fill: "var(--card)", stroke: "var(--edge)", "stroke-width": 1.4 }, svg("title", {}, told(p)));
  const said = `${a} ${money(p.gains_MUSD[a])}, ${b} ${money(p.gains_MUSD[b])}: ${told(p)}`;
  const act = (event) => {
    if (event.type === "click" || event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      set(p);
    }
  };
  return svg("g", { role: "button", tabindex: 0, class: "dot", "aria-label": said, "data-key": `dot-${p.number}`, "data-dot": p.number, onclick: act, onkeydown: act }, svg("title", {}, said), svg("circle", { cx, cy, r: 12, fill: "transparent" }), svg("circle", { cx, cy, r: 6, fill: "var(--deep)", stroke: "var(--card)", "stroke-width": 1.5 }));
}
