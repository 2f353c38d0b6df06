// How sure each promise is: the plan on the page held against the runoff of years of the record. Asked by a button, stale when a lever moves.
import { riverKey } from "./asked.js";
import { el, id, put, svg } from "./dom.js";
import { long, work, works } from "./long.js";
import { question } from "./store.js";
import { table } from "./table.js";
import { mark, number, percent, say, seasonWords, unit } from "./words.js";

const YEARS = [20, 40, 120];
const KINDS = { target: mark("target"), limit: mark("limit"), users: mark("users' water"), power: mark("power"), clause: mark("promise"), share: mark("share of a surplus"), floor: mark("minimum flow") };
const FIRST = ["target", "clause", "limit", "share", "users", "power"];
let years = 20;

const plan = () => JSON.stringify({ ...question({}), lang: "" });
const stale = () => table.chances && table.chances.of !== plan();
// Months suffice, and dekads would take three times as long.
const byMonth = () => (table.monthly ? { step: "month" } : {});

async function asked(paint, tried) {
  const [of, river] = [plan(), riverKey()];
  const found = await long("chances", question({ years, ...byMonth() }), paint, tried);
  if (found?.status !== "chances") return;
  table.chances = { ...found, of, river };
  paint();
}

const yearOf = (first) => {
  const [year, month] = first.split("-").map(Number);
  return month === 1 ? String(year) : `${year}–${String((year + 1) % 100).padStart(2, "0")}`;
};

// The share of years in which a promise is kept, small, beside it.
const known = () => (table.chances?.river === riverKey() ? table.chances : null);

export function sureOf(kind, name, window = "", label = "") {
  const found = (known()?.outcomes ?? []).filter((o) => o.kind === kind && o.name === name && (!window || o.window === window));
  if (!found.length) return null;
  // a promise that is missed by a trifle every year reads as one that is never kept: how much is told with it
  const short = (o) => (o.probability < 1 - 1e-9 && o.mean_short >= 0.5 ? ` (−${number(o.mean_short)})` : "");
  const each = found.map((o) => `${found.length > 1 ? `${seasonWords(o.window)} ` : ""}${percent(o.probability)}${short(o)}`).join(", ");
  const said = label || found.length > 1 ? say("{label} kept, share of years: {share}", { label, share: each }) : `${say("kept in {share} of years", { share: percent(found[0].probability) })}${short(found[0])}`;
  const title = say("In brackets: what is short on average, {unit}", { unit: kind === "power" ? unit.power() : unit.water() });
  return el("span", { class: `sure ${stale() ? "stale" : ""}`, title }, stale() ? say("{said}, of the plan before", { said }) : said);
}

export function sureOfLever(lever) {
  const [word, name, season] = lever.address.split(".");
  if (word === "clause") return sureOf("clause", name);
  const window = table.river.seasons.find((s) => s.season === (lever.season ?? season))?.window;
  return ["target", "limit"].includes(word) && name !== "all" && window ? sureOf(word, name, window) : null;
}

// What is drawn behind a hydrograph: nine of ten years lie above the low edge, one of ten above the high one.
export function bands(name, what, of) {
  const found = known()?.bands.find((b) => b.name === name);
  const nothing = { values: [], drawn: () => [] };
  if (!found) return nothing;
  const spots = spotsOf(table.chances.periods);
  if (!spots.length) return nothing;
  const [low, middle, high] = ["low", "middle", "high"].map((edge) => found[`${what}_${edge}`].map(of));
  const count = table.river.periods.length;
  const drawn = (x, y) => {
    const line = (values) => spots.flatMap(({ from, to, k }) => (what === "storage" ? [[to, values[k]]] : [[from, values[k]], [to, values[k]]])).map(([at, v]) => `${x(at, count)} ${y(v)}`);
    const area = `M${[...line(low), ...line(high).reverse()].join("L")}Z`;
    return [svg("path", { class: `chance ${stale() ? "stale" : ""}`, d: area }), svg("path", { class: "chance-middle", d: `M${line(middle).join("L")}` })];
  };
  return { values: [...low, ...high], drawn };
}

// Where each period of the answer lies among those of the page: the answer is by months, the page may be by dekads.
function spotsOf(periods) {
  const months = table.river.periods.map((label) => label.slice(0, 7));
  return periods.map((label, k) => ({ k, from: months.indexOf(label.slice(0, 7)), to: months.lastIndexOf(label.slice(0, 7)) + 1 })).filter((s) => s.to > 0);
}

export function bandLegend() {
  if (!known()) return null;
  return el("div", { class: "legend" }, el("span", {}, svg("svg", { viewBox: "0 0 28 16", "aria-hidden": "true" }, svg("rect", { class: "chance", y: 2, width: 28, height: 12 }), svg("path", { class: "chance-middle", d: "M0 8H28" })),
    stale() ? say("band: eight of ten years on record, dashed the middle one; of the plan before") : say("band: eight of ten years on record, dashed the middle one")));
}

export function paintChances(paint, tried) {
  const place = id("chances");
  if (!table.picture || !table.river) return put(place);
  const choose = el("select", { "aria-label": say("Years"), "data-key": "years", onchange: (event) => (years = Number(event.target.value)) },
    ...YEARS.map((n) => el("option", { value: n, selected: n === years }, n === 120 ? say("all years on record") : say("{count} years", { count: n }))));
  const button = el("button", { type: "button", class: "plain", "data-key": "ask-chances", onclick: () => asked(paint, tried) }, known() ? say("Ask again") : say("Ask the record"));
  return put(place,
    el("header", {}, el("h2", {}, say("How sure each promise is")), el("span", { class: "spring" }), works("chances") ? null : choose, works("chances") ? null : button),
    works("chances") ? work("chances", paint) : null,
    known() ? answer(known()) : el("p", { class: "quiet" }, say("Holds the plan on this page against the runoff of past years: same storages, needs and promises, another river each time. It takes some seconds.")));
}

function answer(found) {
  const known = found.years.filter((y) => y.runoff_Mm3 !== null);
  const [driest, wettest] = [Math.min, Math.max].map((end) => known.find((y) => y.runoff_Mm3 === end(...known.map((k) => k.runoff_Mm3))));
  const of = (y) => ({ year: yearOf(y.first_month), runoff: number(y.runoff_Mm3) });
  const told = found.years.length < found.of_record
    ? say("{count} of {all} years on record, evenly from the driest to the wettest", { count: found.years.length, all: found.of_record })
    : say("All {all} years on record", { all: found.of_record });
  const bad = found.years.length - found.planned;
  return el("div", { class: stale() ? "stale" : "" },
    stale() ? el("p", { class: "worse" }, say("Of the plan before: a lever has moved since.")) : null,
    el("p", {}, say("{told}, {first} to {last}.", { told, first: yearOf(found.years[0].first_month), last: yearOf(found.years.at(-1).first_month) }), " ",
      say("Driest {year}: {runoff} million m³;", of(driest)), " ", say("wettest {year}: {runoff} million m³.", of(wettest)), " ",
      found.own_rank ? say("The year on this page, {runoff} million m³, is wetter than {count} of them.", { runoff: number(found.own_Mm3), count: found.own_rank }) : say("The year on this page, {runoff} million m³, is drier than all of them.", { runoff: number(found.own_Mm3) })),
    el("p", { class: "small quiet" }, say("Droughts and floods are those of the record, each year as likely as another; storages at the start, needs and promises are those on this page."), ` ${found.step === "month" ? say("By month") : say("By dekad")}.`),
    bad ? el("p", { class: "worse" }, say("{count} of these years have no plan at all: the promises clash. There no promise counts as kept.", { count: bad })) : null,
    promises(found));
}

// In the language spoken now, whatever the one it was asked in.
function title(o) {
  if (o.kind === "clause") return table.river.levers.find((l) => l.address === `clause.${o.name}`)?.title ?? o.title;
  const place = table.river.nodes.find((n) => n.name === o.name)?.title ?? o.title;
  return o.kind === "target" ? place : `${place}, ${say(KINDS[o.kind])}`;
}

function promises(found) {
  const rows = found.outcomes.filter((o) => FIRST.includes(o.kind)).sort((a, b) => FIRST.indexOf(a.kind) - FIRST.indexOf(b.kind) || a.probability - b.probability);
  const sure = rows.filter((o) => o.probability > 1 - 1e-9);
  const doubtful = rows.filter((o) => o.probability <= 1 - 1e-9);
  const head = [say("Promise"), say("Asked"), say("Years kept"), say("Short on average"), say("Worst year")];
  const units = { Mm3: unit.water(), GWh: unit.power() };
  const cell = (value) => (value === null ? "–" : value < 0.5 ? "–" : number(value));
  const row = (o) => el("tr", {}, el("th", { scope: "row" }, title(o), el("span", { class: "quiet" }, ` ${seasonWords(o.window)}, ${units[o.unit] ?? o.unit}`)), el("td", {}, cell(o.asked)),
    el("td", { class: "chance-cell" }, el("span", { class: "track", "aria-hidden": "true" }, el("i", { style: `width: ${100 * o.probability}%` })), el("b", { "data-sure": `${o.kind}/${o.name}` }, percent(o.probability))),
    el("td", {}, cell(o.mean_short)), el("td", {}, o.worst_member ? `${cell(o.worst_short)}, ${yearOf(o.worst_member)}` : "–"));
  return el("div", {},
    doubtful.length ? el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("How sure each promise is") },
      el("table", { id: "sure" }, el("thead", {}, el("tr", {}, ...head.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...doubtful.map(row)))) : null,
    sure.length ? el("details", {}, el("summary", { class: "small" }, say("Kept in every year: {count}", { count: sure.length })), el("ul", { class: "small" }, ...sure.map((o) => el("li", {}, `${title(o)}, ${seasonWords(o.window)}`)))) : null);
}
