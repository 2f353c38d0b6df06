// The card of the river: when, how, and the months into the lake.
import { balanceView, hasPower } from "./balances.js";
import { drawing, held, legend } from "./drawing.js";
import { el, id, put } from "./dom.js";
import { listing } from "./listing.js";
import { mapView, onMap } from "./map.js";
import { looked } from "./store.js";
import { comparable, mean, partyOf, shown, table, titleOf } from "./table.js";
import { monthOf, number, say, seasonWords } from "./words.js";

let width = 0;
let again = () => {};

export function paintRiver(open, redraw) {
  again = redraw;
  const { river, picture } = table;
  if (!river || !picture) return;
  const place = id("river");
  const head = el("header", {}, el("h2", {}, say("River")), times(), el("span", { class: "spring" }), views());
  const shows = table.tab === "table" ? [listed()] : [el("div", { id: "drawn" })];
  if (table.tab === "schematic") shows.push(months(), legend());
  put(place, head, el("div", { id: "picture", role: "tabpanel", "aria-labelledby": `tab-${table.tab}` }, ...shows.filter(Boolean)));
  place.classList.toggle("last", Boolean(table.conflict));
  const drawn = id("drawn");
  if (drawn) {
    width = drawn.clientWidth;
    drawn.append(table.tab === "schematic" ? drawing(width, open) : table.tab === "map" ? mapView(width, open) : balanceView(table.tab, width));
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
    looked();
    again();
  };
  const seasons = table.river.seasons.map((s) => pressed(seasonWords(s.window), table.when === s.window, choose(s.window), `when-${s.window}`));
  return el("div", { class: "switch", role: "group", "aria-label": say("Time") }, pressed(say("Year"), table.when === "year", choose("year"), "when-year"), ...seasons);
}

// Pictures of the same plan: one of them is shown; the arrows go from one to the next.
function views() {
  const { river, picture } = table;
  const offered = [["schematic", say("Schematic")], ...(onMap(river) ? [["map", say("Map")]] : []), ["water", say("Water")], ...(hasPower(picture) ? [["power", say("Energy")]] : []), ["table", say("Table")]];
  if (!offered.some(([tab]) => tab === table.tab)) table.tab = "schematic";
  const choose = (tab) => {
    table.tab = tab;
    looked();
    again();
  };
  const keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const view = ([tab, label], k) =>
    el("button", {
      type: "button", role: "tab", id: `tab-${tab}`, "aria-selected": String(table.tab === tab), "aria-controls": "picture", tabindex: table.tab === tab ? 0 : -1, "data-key": `tab-${tab}`,
      onclick: () => choose(tab),
      onkeydown: (event) => {
        const to = event.key === "Home" ? 0 : event.key === "End" ? offered.length - 1 : event.key in keys ? (k + keys[event.key] + offered.length) % offered.length : -1;
        if (to < 0) return;
        event.preventDefault();
        choose(offered[to][0]);
        id(`tab-${offered[to][0]}`)?.focus();
      },
    }, label);
  return el("div", { class: "switch", role: "tablist", "aria-label": say("View") }, ...offered.map(view));
}

// Flow into the first target by period; a period that is pressed is what the drawing shows.
function months() {
  const { river, picture } = table;
  const target = picture.targets[0];
  const reach = target && river.reaches.find((r) => r.end === target.place);
  if (!reach) return null;
  const series = picture.flows[reach.name];
  const before = comparable() ? table.pinned.picture.flows[reach.name] : null;
  const most = Math.max(1, ...series, ...(before ?? []));
  const tall = (value) => Math.round((38 * value) / most);
  const bars = series.map((value, k) => {
    const label = monthOf(river.periods[k]);
    const said = say("{period}: {flow} m³/s", { period: label, flow: number(value) });
    const few = series.length <= 14;
    return el("button", { type: "button", "aria-label": said, title: said, "data-key": `month-${k}`, "aria-pressed": String(table.when === String(k)), onclick: () => {
      table.when = table.when === String(k) ? "year" : String(k);
      looked();
      again();
    } }, few ? el("span", {}, number(value)) : null, el("span", { class: "stem", style: `height: ${Math.max(1, tall(value), before ? tall(before[k]) + 2 : 0)}px` }, el("i", { style: `height: ${tall(value)}px` }), before ? el("b", { style: `bottom: ${tall(before[k])}px` }) : null), few ? el("span", { class: "quiet" }, label.slice(0, 3)) : null);
  });
  return el("div", {}, el("p", { class: "small quiet" }, say("Into {title}, m³/s", { title: titleOf(target.place) })), el("div", { class: "months" }, ...bars));
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
  for (const u of picture.users) rows.push([say("{party} at {place}, million m³", { party: partyOf(u.party), place: title(u.place) }), ...periods.map((k) => number(u.got[k], 1))]);
  return listing(say("Table of the plan"), heads, rows);
}

export { held, mean };
