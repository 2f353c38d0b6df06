// The season's ledger: what was seen and is forecast, what is off the plan, and the rest planned again beside the plan in force.
import { ask } from "./api.js";
import { busy, el, id, put, svg } from "./dom.js";
import { question } from "./store.js";
import { table } from "./table.js";
import { change, dayOf, difference, mark, monthOf, number, percent, say, seasonWords, spoken, unit } from "./words.js";

const MOST = 6;
const QUANTITIES = { release: mark("release"), storage: mark("storage"), flow: mark("flow"), fulfilled: mark("fulfilled"), inflow: mark("inflow"), runoff: mark("runoff"), spill: mark("spill"), withdrawal: mark("withdrawal") };
const KINDS = { withdrawal: mark("withdrawal"), unserved: mark("power unserved"), target: mark("target"), release: mark("release"), storage: mark("storage"), clause: mark("promise") };

let day = "";
let all = false;

// What the ledger says of the river that is asked about; others may have added to it since.
export async function readLedger() {
  const found = await ask("ledger", question({ questions: {}, order: [] }));
  if (found?.status === "ledger") table.ledger = found;
}

const shown = () => (table.ledger?.fits ? table.ledger : null);
const after = (iso) => new Date(Date.parse(iso) + 864e5).toISOString().slice(0, 10);

async function replan(paint, tried) {
  const { scenario, step } = table.ledger;
  const own = { model: table.river.model, questions: {}, order: [], lang: question().lang, ...(scenario ? { scenario } : {}), ...(step ? { step } : {}), ...(day ? { on: day } : {}) };
  table.replanning = true;
  busy(1);
  paint();
  const found = await tried(() => ask("replan", { ...own, model: question().model }));
  busy(-1);
  table.replanning = false;
  if (found?.status === "replanned") table.replanned = { ...found.correction, lang: own.lang };
  // it has names in it: those of the language spoken now
  if (table.replanned && table.replanned.lang !== spoken()) return ledgerSpoken(paint, tried);
  paint();
}

// Another language is spoken: what has names in it is asked again.
export function ledgerSpoken(paint, tried) {
  table.ledger &&= { ...table.ledger, alarms: [] };
  if (!table.replanned || table.replanning) return;
  table.replanned = null;
  replan(paint, tried);
}

export function paintLedger(paint, tried) {
  const place = id("ledger");
  const found = table.ledger;
  const none = say("none");
  place.hidden = !found;
  if (!found || !table.river) return put(place);
  return put(place,
    el("header", {}, el("h2", {}, say("The season's ledger")), el("span", { class: "quiet file" }, found.name), el("span", { class: "spring" }), found.fits && found.date ? asks(found, paint, tried) : null),
    found.torn.length ? el("p", { class: "worse" }, say("Torn lines, set aside: {lines}", { lines: found.torn.join(", ") })) : null,
    found.fits ? el("p", { class: "small quiet" }, found.date ? say("Facts to {day}; plan in force: {plan}.", { day: dayOf(found.date), plan: found.plan || none }) : say("No fact yet."))
      : el("p", { class: "worse" }, say("The ledger is of another season or scenario: {plan}.", { plan: found.plan })),
    found.fits && found.date ? alarms(found, paint) : null,
    table.replanned ? changes(table.replanned, paint) : null);
}

function asks(found, paint, tried) {
  const start = table.river.horizon.split("/")[0];
  const from = el("input", { type: "date", "aria-label": say("The first day of which nothing is known"), "data-key": "replan-day", value: day || after(found.date), min: start, max: after(found.date), onchange: (event) => (day = event.target.value) });
  const button = el("button", { type: "button", class: "plain", "data-key": "replan", disabled: table.replanning, onclick: () => replan(paint, tried) }, table.replanning ? say("Planning…") : say("Plan again from that day"));
  return el("span", { class: "asks" }, from, button);
}

function alarms(found, paint) {
  const own = found.alarms;
  const beyond = { share: percent(found.thresholds.fraction), volume: number(found.thresholds.volume_Mm3) };
  const told = say("more than {share} and {volume} million m³ off the plan", beyond);
  if (!own.length) return el("p", {}, say("No alarm: nothing is off the plan by more than {share} and {volume} million m³.", beyond));
  const row = (a) => el("tr", {}, el("th", { scope: "row" }, `${a.title}, ${say(QUANTITIES[a.quantity] ?? a.quantity)}`, el("span", { class: "quiet" }, ` ${a.source}`)), el("td", {}, a.party || "–"), el("td", {}, when(a.period)),
    el("td", {}, change(a.deviation_Mm3)), el("td", {}, a.deviation_fraction === null ? "–" : change(100 * a.deviation_fraction) + "\u202f%"));
  const heads = [say("Off the plan"), say("held by"), say("when"), unit.water(), "%"];
  const listed = all ? own : own.slice(0, MOST);
  return el("div", {}, el("p", { class: "worse", role: "alert" }, say("Alarms: {count}", { count: own.length }), el("span", { class: "quiet" }, ` (${told})`)),
    scrolled(say("Alarms"), el("table", { id: "alarms" }, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...listed.map(row)))),
    own.length > MOST ? el("button", { type: "button", class: "link", "data-key": "all-alarms", onclick: () => {
      all = !all;
      paint();
    } }, all ? say("fewer") : say("all {count}", { count: own.length })) : null);
}

const scrolled = (label, inner) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, inner);

function when(period) {
  const [from, to] = period.split("/");
  const whole = to && from.endsWith("-01") && from.slice(0, 7) === to.slice(0, 7) && after(to).endsWith("-01");
  if (whole) return when(from.slice(0, 7));
  if (to) return from === table.river.horizon.split("/")[0] ? say("to {day}", { day: dayOf(to) }) : say("{first} to {last}", { first: dayOf(from), last: dayOf(to) });
  const [year, month, dekad] = period.split("-");
  const label = monthOf(`${year}-${month}`);
  return dekad?.startsWith("d") ? say("{month} {year}, dekad {dekad}", { month: label, year, dekad: dekad.slice(1) }) : `${label} ${year}`;
}

// What the newest plan changes: as approved, seen so far, as it comes now.
function changes(found, paint) {
  const own = found.changes.filter((c) => Math.abs(c.newest - c.approved) >= 0.5 || (c.missed_now ?? 0) >= 0.5);
  const heads = [say("Planned again"), say("when"), say("approved"), say("so far"), say("newest"), say("change")];
  const timed = (c) => (c.window.includes("/") ? [...new Set(seasonWords(c.window).split("–"))].join("–") : dayOf(c.window));
  const row = (c) => el("tr", {}, el("th", { scope: "row" }, `${c.title}, ${say(KINDS[c.kind])}`, el("span", { class: "quiet" }, ` ${c.unit === "GWh" ? unit.power() : unit.water()}`)), el("td", {}, timed(c)),
    ...[c.approved, c.kind === "storage" ? null : c.seen, c.newest].map((v) => el("td", {}, number(v))), el("td", {}, difference(c.newest, c.approved)));
  return el("div", { id: "replanned" },
    el("p", {}, el("b", {}, say("Planned again from {day}", { day: dayOf(found.begins) })), " ", say("known on the morning of {day}; it begins with the next whole period of the plan; dash and dot in the hydrographs.", { day: dayOf(found.day) }), " ",
      el("button", { type: "button", class: "link", "data-key": "replan-away", onclick: () => {
        table.replanned = null;
        paint();
      } }, say("away with it"))),
    el("p", { class: "small quiet" }, found.forecasts ? say("Figures of runoff that are forecast: {count}; the others are those of the approved plan.", { count: found.forecasts }) : say("No forecast of runoff: it is that of the approved plan."), " ",
      found.assumed.length ? say("Series of which days were not reported, taken as approved: {count}.", { count: found.assumed.length }) : "", " ", say("The notice: waterflow replan --ledger.")),
    ...found.excesses.map((x) => el("p", { class: "worse" }, say("{name} is passed already: {found} of {figure}.", { name: x.name, found: number(x.found), figure: number(x.figure) }))),
    own.length ? scrolled(say("Planned again"), el("table", { id: "changes" }, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...own.map(row)))) : el("p", {}, say("Nothing changes by half a million m³.")));
}

// A reservoir's newest plan on the axis of periods of the page; nothing where those are others.
export function newest(name, quantity) {
  const found = shown() && table.replanned?.reservoirs.find((r) => r.place === name);
  if (!found || found.periods.join() !== table.river.periods.join()) return null;
  return quantity === "storage" ? found.newest_storage_Mm3 : quantity === "release" ? found.newest_m3s : null;
}

export const forecasts = (name, quantity) => (shown()?.forecasts ?? []).filter((f) => f.reservoir === name && f.quantity === quantity);

// Low, mean and high, dashed: of a storage from point to point, of a flow each as long as its time.
export function forecastLines(name, quantity, of, x, y) {
  const parts = [];
  for (const estimate of ["low", "mean", "high"]) {
    const own = forecasts(name, quantity).filter((f) => f.estimate === estimate).sort((a, b) => a.first - b.first);
    const runs = own.map((f, k) => `${k && quantity === "storage" ? "L" : "M"}${x(f.first)} ${y(of(f.value))}${quantity === "storage" ? "" : `H${x(f.last)}`}`);
    if (own.length) parts.push(svg("path", { class: `forecast ${estimate}`, d: runs.join("") }, svg("title", {}, `${say(ESTIMATES[estimate])}, ${own[0].source}, ${dayOf(own[0].issued)}`)));
  }
  return parts;
}

const ESTIMATES = { low: mark("low forecast"), mean: mark("forecast in the mean"), high: mark("high forecast") };

export function ledgerLegend(name) {
  const any = ["storage", "release", "inflow"].some((q) => forecasts(name, q).length);
  const line = (cls) => svg("svg", { viewBox: "0 0 28 16", "aria-hidden": "true" }, svg("path", { class: cls, d: "M0 8H28" }));
  if (!any && !newest(name, "storage")) return null;
  return el("div", { class: "legend" }, any ? el("span", {}, line("forecast mean"), say("dashed: forecast, thin its low and high")) : null, newest(name, "storage") ? el("span", {}, line("newest"), say("dash and dot: planned again")) : null);
}
