// Where the water and the power come from and where they go: the balances the engine counts, as a Sankey and its table.
import { el, svg } from "./dom.js";
import { listing } from "./listing.js";
import { sankey } from "./sankey.js";
import { comparable, partyOf, shown, table } from "./table.js";
import { change, difference, mark, number, percent, say, seasonWords, monthOf, unit } from "./words.js";

// what is smaller than this share of all that comes shares one band with its like
const SMALL = 0.012;
const FUELS = { coal: mark("coal"), gas: mark("gas"), oil: mark("fuel oil") };

const sums = (part, periods) => periods.reduce((a, k) => a + part.amounts[k], 0);

// An amount of each part over the periods shown: what stands over comes at the start and goes at the end.
function amounts(balance, periods) {
  const [first, last] = [periods[0], periods[periods.length - 1] + 1];
  return balance.parts.flatMap((part) =>
    part.side === "stands"
      ? [{ part, side: "comes", value: part.amounts[first] }, { part, side: "goes", value: part.amounts[last] }]
      : turned({ part, side: part.side, value: sums(part, periods) }),
  );
}

// Less than nothing on one side is something on the other.
const turned = (x) => [x.value < 0 ? { ...x, side: x.side === "comes" ? "goes" : "comes", value: -x.value } : x];

const partyColour = (party) => `var(--p${Math.max(0, table.river.parties.indexOf(party)) % 6})`;

// What water is called and how it is coloured, by its kind and side.
function waterCalled({ part, side }) {
  const fixed = {
    return_flow: [say("Return flow"), "var(--casing)"],
    storage: [side === "comes" ? say("Stored before") : say("Stored after"), "var(--deep)"],
    on_the_way: [side === "comes" ? say("Was on its way") : say("Still on its way"), "var(--edge)"],
    unexplained: [say("Unexplained difference"), "var(--edge)"],
    evaporation: [side === "comes" ? say("Rain on reservoirs") : say("Evaporation of reservoirs"), "var(--edge)"],
    way_evaporation: [say("Evaporation on the way"), "var(--edge)"],
    seepage: [say("Into the ground on the way"), "var(--edge)"],
    reservoir_seepage: [say("Seepage of reservoirs"), "var(--edge)"],
    runoff_lost: [say("Runoff below zero"), "var(--edge)"],
    recharge: [say("Seepage that comes back"), "var(--casing)"],
  };
  if (fixed[part.kind]) return { key: part.kind, label: fixed[part.kind][0], colour: fixed[part.kind][1] };
  if (part.kind === "use") return { key: `use-${part.party}`, label: say("Users of {party}", { party: partyOf(part.party) }), colour: partyColour(part.party) };
  const label = part.kind === "runoff" ? say("Runoff: {place}", { place: part.title }) : part.kind === "from_lake" ? say("Out of {place}", { place: part.title }) : say("To {place}", { place: part.title });
  return { key: `${part.kind}-${part.name}`, label, colour: part.kind === "into_lake" ? "var(--accent)" : "var(--water)", like: part.kind === "runoff" ? "runoff" : "" };
}

function powerCalled({ part }) {
  const { party } = part;
  const of = (key, label, colour, like = "") => ({ key: `${party}-${key}`, label, colour, like, party });
  if (part.kind === "plant") return of(part.name, part.title, partyColour(party), "plant");
  if (part.kind === "hydropower") return of("hydropower", say("Other hydropower"), "var(--water)");
  if (part.kind === "thermal") return of(`thermal-${part.name}`, say("Thermal plants, {fuel}", { fuel: say(FUELS[part.name] ?? part.name) }), "var(--edge)");
  if (part.kind === "import") return of("import", say("Imports, as they arrive"), "var(--casing)");
  if (part.kind === "unserved") return of("unserved", say("Not served"), "var(--negative)");
  if (part.kind === "demand") return of("demand", say("Demand of {party}", { party: partyOf(party) }), partyColour(party));
  if (part.kind === "export") return of("export", say("Exports, as they are sent"), "var(--casing)");
  if (part.kind === "lifting") return of("lifting", say("Electricity of lifts"), "var(--water)");
  return of("grid", say("Grid of {party}", { party: partyOf(party) }), partyColour(party));
}

// The order of bars, from the top; what stands over is last on both sides.
const ORDER = ["runoff", "from_lake", "return_flow", "recharge", "plant", "hydropower", "thermal", "import", "unserved", "use", "demand", "grid", "export", "lifting", "unexplained", "evaporation", "way_evaporation", "seepage", "reservoir_seepage", "runoff_lost", "into_lake", "out", "on_the_way", "storage"];

// Amounts with the same name are one; small ones of one kind are one.
function gathered(found, called) {
  const nodes = new Map();
  for (const x of found) {
    const name = called(x);
    const key = `${x.side}-${name.key}`;
    const known = nodes.get(key) ?? { ...name, key, of: [key], kind: x.part.kind, side: x.side, value: 0 };
    nodes.set(key, { ...known, value: known.value + x.value });
  }
  return [...nodes.values()];
}

function merged(nodes) {
  const all = nodes.filter((n) => n.side === "comes").reduce((a, n) => a + n.value, 0);
  const small = (n) => n.like && n.value > 0 && n.value < SMALL * all;
  const kept = nodes.filter((n) => !small(n));
  const groups = new Map();
  for (const n of nodes.filter(small)) groups.set(`${n.like}${n.party ?? ""}`, [...(groups.get(`${n.like}${n.party ?? ""}`) ?? []), n]);
  for (const [key, those] of groups) {
    if (those.length === 1) kept.push(those[0]);
    else kept.push({ ...those[0], key: `comes-small-${key}`, of: those.map((n) => n.key), value: those.reduce((a, n) => a + n.value, 0), label: those[0].like === "plant" ? say("Other plants: {count}", { count: those.length }) : say("Runoff, other places: {count}", { count: those.length }) });
  }
  return kept.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

export function water(picture, periods) {
  return [{ key: "river", label: say("The river"), colour: "var(--casing)", closes: true, nodes: gathered(amounts(picture.water, periods), waterCalled) }];
}

export function power(picture, periods) {
  return picture.power.map((b) => ({ key: `of-${b.of}`, label: partyOf(b.of), colour: partyColour(b.of), closes: b.closes, nodes: gathered(amounts(b, periods), powerCalled) }));
}

const OF = { water: { count: water, unit: () => unit.water(), title: mark("Water: where it comes from and where it goes") }, power: { count: power, unit: () => unit.power(), title: mark("Power: where it comes from and where it goes") } };

export const hasPower = (picture) => picture.power.some((b) => b.parts.some((p) => p.side === "comes"));

const side = (nodes, which) => nodes.filter((n) => n.side === which && n.value > 0);
const total = (nodes) => nodes.reduce((a, n) => a + n.value, 0);

function whenWords() {
  const { river, when } = table;
  if (when === "year") return seasonWords(river.horizon);
  return river.seasons.some((s) => s.window === when) ? seasonWords(when) : monthOf(river.periods[shown()[0]]);
}

// The picture, its scale, whether it closes, and the table behind it.
export function balanceView(kind, width) {
  const of = OF[kind];
  const periods = shown();
  const groups = of.count(table.picture, periods);
  const before = comparable() ? of.count(table.pinned.picture, periods) : null;
  const old = new Map((before ?? []).flatMap((g) => g.nodes).map((n) => [n.key, n.value]));
  const moved = (n) => (before ? n.value - n.of.reduce((a, key) => a + (old.get(key) ?? 0), 0) : 0);
  const told = (n) => (Math.abs(moved(n)) >= 0.5 ? `${number(n.value)} (${change(moved(n))})` : number(n.value));
  const parts = groups.map((g) => ({ ...g, nodes: merged(g.nodes) }));
  const columns = [
    parts.flatMap((g) => side(g.nodes, "comes").map((n) => ({ ...n, shown: told(n) }))),
    parts.map((g) => ({ ...g, value: Math.max(total(side(g.nodes, "comes")), total(side(g.nodes, "goes"))), shown: number(total(side(g.nodes, "comes"))) })).filter((g) => g.value > 0),
    parts.flatMap((g) => side(g.nodes, "goes").map((n) => ({ ...n, shown: told(n) }))),
  ];
  const links = parts.flatMap((g) => g.nodes.filter((n) => n.value > 0).map((n) => ({ from: n.side === "comes" ? n.key : g.key, to: n.side === "comes" ? g.key : n.key, value: n.value, colour: n.colour, said: `${n.label}: ${number(n.value)} ${of.unit()}` })));
  const listed = (which) => parts.flatMap((g) => side(g.nodes, which)).map((n) => `${n.label} ${number(n.value)}`).join("; ");
  const said = say("{title}, {when}, {unit}. Comes: {comes}. Goes: {goes}.", { title: say(of.title), when: whenWords(), unit: of.unit(), comes: listed("comes"), goes: listed("goes") });
  const { drawn, scale } = sankey({ columns, links }, width, kind === "water" ? 330 : 270, said);
  return el("div", { class: "balance", "data-kind": kind }, el("p", { class: "small quiet" }, say("{title}, {when}, {unit}", { title: say(of.title), when: whenWords(), unit: of.unit() })), drawn, measure(scale, of), ...closing(groups, of),
    el("details", { open: table.open === kind }, el("summary", { class: "small", "data-key": `table-${kind}`, onclick: () => (table.open = table.open === kind ? "" : kind) }, say("Table behind the picture")), behind(kind, groups, old, before, of)));
}

// A round amount as wide as it is drawn.
function measure(scale, of) {
  const raw = 26 / (scale || 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const amount = [1, 2, 5, 10].map((k) => k * power).find((a) => a >= raw);
  const tall = amount * scale;
  return el("p", { class: "scale small quiet" }, svg("svg", { viewBox: `0 0 10 ${tall}`, width: 10, height: tall, "aria-hidden": "true" }, svg("rect", { width: 10, height: tall, fill: "var(--water)" })), el("span", {}, say("this thick: {amount} {unit}; every band on one scale", { amount: number(amount), unit: of.unit() })));
}

function closing(groups, of) {
  const open = groups.filter((g) => !g.closes).map((g) => g.label);
  const lines = groups.filter((g) => g.closes).map((g) => {
    const [comes, goes] = [total(side(g.nodes, "comes")), total(side(g.nodes, "goes"))];
    const gap = Math.abs(comes - goes) < 0.05 ? 0 : comes - goes;
    const parts = { who: g.label, comes: number(comes, 1), goes: number(goes, 1), gap: change(gap, 1), unit: of.unit() };
    return el("p", { class: `small ${gap ? "worse" : "quiet"}`, "data-gap": comes - goes }, say("{who}: comes {comes}, goes {goes}, difference {gap} {unit}. Each band is counted for itself.", parts));
  });
  if (open.length) lines.push(el("p", { class: "small quiet" }, say("{parties}: no demand for power in this model; what their river plants make goes into their grids.", { parties: open.join(", ") })));
  return lines;
}

function behind(kind, groups, old, before, of) {
  const heads = ["", say("comes or goes"), of.unit(), say("share"), ...(before ? [say("{mark}, pinned", { mark: table.pinned.mark }), say("change")] : [])];
  const sides = { comes: say("comes"), goes: say("goes") };
  const many = groups.length > 1;
  const rows = ["comes", "goes"].flatMap((which) => groups.flatMap((g) => {
    const all = total(side(g.nodes, which));
    const line = (name, value, was) => [name, sides[which], number(value, 1), percent(value / (all || 1)), ...(before ? [number(was, 1), difference(value, was, 1)] : [])];
    const own = g.nodes.filter((n) => n.side === which);
    const was = own.reduce((a, n) => a + (old.get(n.key) ?? 0), 0);
    return [...own.map((n) => line(many ? `${g.label}: ${n.label}` : n.label, n.value, old.get(n.key) ?? 0)), line(many ? say("{who}: together", { who: g.label }) : say("together"), all, was)];
  }));
  return listing(say(of.title), heads, rows, { key: kind, id: `table-of-${kind}` });
}
