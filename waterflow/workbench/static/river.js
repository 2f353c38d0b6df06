// The card of the river: when, how, and the months into the lake.
import { drawing, held, legend } from "./drawing.js";
import { el, id, put, tell } from "./dom.js";
import { mean, shown, table } from "./table.js";
import { monthOf, number, say, seasonWords } from "./words.js";

let width = 0;
let again = () => {};

export function paintRiver(open, redraw) {
  again = redraw;
  const { river, picture } = table;
  if (!river || !picture) return;
  const place = id("river");
  const head = el("header", {}, el("h2", {}, say("River")), times(), el("span", { class: "spring" }), views());
  const body = table.tab === "schematic" ? [el("div", { id: "drawn" }), months(), legend()] : [listed()];
  put(place, head, ...body);
  place.classList.toggle("last", Boolean(table.conflict));
  const drawn = id("drawn");
  if (drawn) {
    width = drawn.clientWidth;
    drawn.append(drawing(width, open));
  }
}

// One observer on the card's own box: a chart measured at the start keeps another window's size.
new ResizeObserver(() => {
  const drawn = id("drawn");
  if (drawn && drawn.clientWidth && drawn.clientWidth !== width) again();
}).observe(id("river"));

function pressed(label, on, act, key) {
  return el("button", { type: "button", "aria-pressed": String(on), onclick: act, "data-key": key }, label);
}

function times() {
  const choose = (when) => () => {
    table.when = when;
    again();
  };
  const seasons = table.river.seasons.map((s) => pressed(seasonWords(s.window), table.when === s.window, choose(s.window), `when-${s.window}`));
  return el("div", { class: "switch", role: "group", "aria-label": say("Time") }, pressed(say("Year"), table.when === "year", choose("year"), "when-year"), ...seasons);
}

function views() {
  const view = (tab, label) =>
    pressed(label, table.tab === tab, () => {
      table.tab = tab;
      again();
    }, `tab-${tab}`);
  return el("div", { class: "switch", role: "group", "aria-label": say("View") }, view("schematic", say("Schematic")), view("table", say("Table")));
}

// Flow into the first target by period; a period that is pressed is what the drawing shows.
function months() {
  const { river, picture } = table;
  const target = picture.targets[0];
  const reach = target && river.reaches.find((r) => r.end === target.place);
  if (!reach) return null;
  const series = picture.flows[reach.name];
  const most = Math.max(1, ...series);
  const bars = series.map((value, k) => {
    const label = monthOf(river.periods[k]);
    const said = say("{period}: {flow} m³/s", { period: label, flow: number(value) });
    const few = series.length <= 14;
    return el("button", { type: "button", "aria-label": said, title: said, "data-key": `month-${k}`, "aria-pressed": String(table.when === String(k)), onclick: () => {
      table.when = table.when === String(k) ? "year" : String(k);
      again();
    } }, few ? el("span", {}, number(value)) : null, el("i", { style: `height: ${Math.round((38 * value) / most)}px` }), few ? el("span", { class: "quiet" }, label.slice(0, 3)) : null);
  });
  return el("div", {}, el("p", { class: "small quiet" }, say("Into {title}, m³/s", { title: target.title })), el("div", { class: "months" }, ...bars));
}

// The table behind the picture, to copy.
function listed() {
  const { river, picture } = table;
  const periods = shown();
  const heads = ["", ...periods.map((k) => monthOf(river.periods[k]))];
  const title = (name) => river.nodes.find((n) => n.name === name).title;
  const rows = [];
  for (const r of picture.reservoirs) {
    rows.push([say("{title}: stored, million m³", { title: title(r.name) }), ...periods.map((k) => number(r.storage[k]))]);
    rows.push([say("{title}: release, m³/s", { title: title(r.name) }), ...periods.map((k) => number(r.release[k]))]);
  }
  for (const reach of river.reaches) rows.push([say("{title}, m³/s", { title: reach.title }), ...periods.map((k) => number(picture.flows[reach.name][k]))]);
  for (const u of picture.users) rows.push([say("{party} at {place}, million m³", { party: u.party, place: title(u.place) }), ...periods.map((k) => number(u.got[k], 1))]);
  const copy = async () => {
    await navigator.clipboard?.writeText([heads, ...rows].map((row) => row.join("\t")).join("\n"));
    tell(say("The table is copied."));
  };
  return el("div", {}, el("p", {}, el("button", { type: "button", class: "link", onclick: copy }, say("Copy the table"))),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Table of the plan") }, el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, ...rows.map(([name, ...cells]) => el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((c) => el("td", {}, c))))))));
}

export { held, mean };
