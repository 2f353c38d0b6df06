// What was seen of a reservoir: dots and lines over its plan, and the table that says who saw it.
import { gradeCalled } from "./answer.js";
import { el, svg } from "./dom.js";
import { table } from "./table.js";
import { dayOf, monthOf, number, say } from "./words.js";

// Figures that nobody read off a gauge or published as such.
const HOLLOW = new Set(["derived", "assumed", "unverified"]);

const known = () => [...table.river.seen, ...(table.ledger?.fits ? table.ledger.facts : [])];

export const factsOf = (name, quantity) => known().filter((f) => f.reservoir === name && (!quantity || f.quantity === quantity));

const dot = (f, x, y) => svg("circle", { cx: x, cy: y, r: 3.4, fill: HOLLOW.has(f.grade) ? "var(--card)" : "var(--ink)", stroke: "var(--ink)", "stroke-width": 1.4 }, svg("title", {}, said(f)));

export const dots = (facts, x, y) => facts.map((f) => dot(f, x(f.first), y(f.shown)));

// The mean of a time: a line as long as that time, its dot in the middle.
export const means = (facts, x, y) => facts.flatMap((f) => [svg("path", { d: `M${x(f.first)} ${y(f.shown)}H${x(f.last)}`, stroke: "var(--ink)", "stroke-width": 1.4, fill: "none" }), dot(f, x((f.first + f.last) / 2), y(f.shown))]);

// A whole month is named; any other time has its two days.
const month = (f) => f.start.slice(0, 7) === f.end.slice(0, 7) && f.start.endsWith("-01") && new Date(Date.parse(f.end) + 864e5).getUTCDate() === 1;
const when = (f) => (f.quantity === "storage" ? dayOf(f.start) : month(f) ? `${monthOf(f.start.slice(0, 7))} ${f.start.slice(0, 4)}` : say("{first} to {last}", { first: dayOf(f.start), last: dayOf(f.end) }));
const said = (f) => `${when(f)}: ${number(f.value)} ${f.quantity === "storage" ? say("million m³") : say("m³/s")}, ${table.river.sources[f.source] ?? f.source}`;

export function factTable(name) {
  const facts = factsOf(name);
  if (!facts.length) return null;
  const called = { storage: say("stored, million m³"), release: say("release, m³/s"), inflow: say("inflow, m³/s") };
  const heads = [[say("what was seen")], [say("when")], [say("figure")], [say("grade")], [say("source"), "source"]];
  const row = (f) => el("tr", {}, el("th", { scope: "row" }, called[f.quantity]), el("td", {}, when(f)), el("td", {}, number(f.value)), el("td", {}, gradeCalled(f.grade)), el("td", { class: "source" }, table.river.sources[f.source] ?? f.source));
  return el("details", { class: "facts", open: table.open === "facts" }, el("summary", { class: "small", "data-key": "facts", onclick: () => (table.open = table.open === "facts" ? "" : "facts") }, say("What was seen, figures: {count}", { count: facts.length })),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("What was seen") }, el("table", { id: "facts" }, el("thead", {}, el("tr", {}, ...heads.map(([h, of]) => el("th", { scope: "col", class: of ?? null }, h)))), el("tbody", {}, ...facts.map(row)))));
}
