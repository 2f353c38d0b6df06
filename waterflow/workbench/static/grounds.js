// What a figure rests on: what decides it, the rows of input behind it, their grades and sources; opened by any figure.
import { ask } from "./api.js";
import { gradeCalled } from "./answer.js";
import { el, id, put } from "./dom.js";
import { letGoOf, long, work, works } from "./long.js";
import { question } from "./store.js";
import { table } from "./table.js";
import { money, number, percent, say, spoken, unit } from "./words.js";

let back = null; // where the focus returns
let redraw = () => {};
let guarded = (act) => act();

const plan = () => JSON.stringify(question({}));

// Opens what a figure rests on; "inputs" are all that are assumed.
export async function openGrounds(figure, paint, tried) {
  [redraw, guarded] = [paint, tried];
  back = document.activeElement?.dataset?.key ?? null;
  for (const kind of ["effects", "doubt"]) letGoOf(kind);
  const own = (table.grounds = { figure, of: plan(), lang: spoken(), found: null, effects: null, doubt: null });
  paint();
  id("grounds").focus({ preventScroll: true });
  id("grounds").scrollIntoView?.({ block: "nearest" });
  const found = await tried(() => (figure === "inputs" ? ask("inputs", question({ questions: {} })) : ask("grounds", question({ figure }))));
  if (table.grounds !== own) return;
  own.found = found ?? { status: "none" };
  paint();
}

export function closeGrounds(paint) {
  // nobody waits any more: the engine is free for the others
  for (const kind of ["effects", "doubt", "grounds"]) letGoOf(kind);
  table.grounds = null;
  paint();
  if (back) document.querySelector(`[data-key="${CSS.escape(back)}"]`)?.focus();
}

const units = () => ({ Mm3: unit.water(), GWh: unit.power(), "million USD": unit.money() });

export function paintGrounds(paint) {
  const place = id("grounds");
  const { grounds } = table;
  place.hidden = !grounds;
  if (!grounds) return put(place);
  if (grounds.lang !== spoken()) return void openGrounds(grounds.figure, paint, guarded);
  const { found } = grounds;
  const close = el("button", { type: "button", class: "plain", "data-key": "close-grounds", "aria-label": say("Close"), onclick: () => closeGrounds(paint) }, "✕");
  const title = grounds.figure === "inputs" ? say("What is assumed") : found?.title ?? say("What this figure rests on");
  const stale = grounds.figure !== "inputs" && grounds.of !== plan();
  const value = found?.status === "grounds" ? el("b", { class: "number" }, `${number(found.value, found.unit === "Mm3" ? 0 : 1)}\u00a0${units()[found.unit] ?? found.unit}`) : null;
  return put(place,
    el("header", {}, el("h2", {}, title), value, el("span", { class: "spring" }), stale ? el("span", { class: "worse" }, say("of the plan before")) : null,
      stale ? el("button", { type: "button", class: "plain", "data-key": "again-grounds", onclick: () => openGrounds(grounds.figure, redraw, guarded) }, say("Ask again")) : null, close),
    ...body(grounds));
}

function body(grounds) {
  const { found } = grounds;
  if (!found) return [el("p", { class: "quiet" }, say("Looking for what decides it…"))];
  if (found.status === "inputs") return [el("p", {}, say("{assumed} of {rows} rows of input are assumed or unverified. Nothing leaves this machine; a link opens where you choose to follow it.", { assumed: number(found.assumed), rows: number(found.rows) })), ...inputs(found)];
  if (found.status !== "grounds") return [el("p", { class: "worse" }, say("There is no plan to explain: see the ways out."))];
  const behind = el("div", {}, el("h3", {}, say("Rests on {rows} rows of input, {assumed} of them assumed", { rows: number(found.rows), assumed: number(found.assumed) })),
    el("p", { class: "small quiet" }, found.terms.length ? say("Rows that set this party's prices.") : say("Rows about it, and about what lies above it on the river.")), ...inputs(found));
  return [el("div", { class: "two" }, el("div", {}, ...(found.terms.length || !found.decided.length ? terms(found) : decides(found)), ...moves(grounds), ...doubts(grounds)), behind)];
}

function terms(found) {
  if (!found.terms.length) return [el("p", {}, say("Nothing of it has a value."))];
  const rows = found.terms.map((t) => el("tr", {}, el("th", { scope: "row" }, t.title), el("td", {}, money(t.low)), el("td", {}, el("b", {}, money(t.central))), el("td", {}, money(t.high))));
  const heads = [say("Term, million USD"), say("low"), say("central"), say("high")];
  return [el("p", {}, say("Money under this plan, term by term. Against no deal, as on the card, is this less what the party would have without one.")),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Terms") }, el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...rows)))];
}

function decides(found) {
  const beside = found.beside ? [el("p", {}, found.beside)] : [];
  const held = found.binds.length ? [el("h3", {}, say("What holds it back")), el("ul", {}, ...found.binds.map((said) => el("li", {}, said)))] : [];
  const digits = Math.abs(found.value) < 100 ? 1 : 0;
  const rows = found.decided.map((d) => el("tr", { class: d.narrows ? "narrows" : "" }, el("th", { scope: "row" }, d.stage || say("what is physically possible, before any priority")), el("td", {}, number(d.least, digits)), el("td", {}, number(d.most, digits))));
  return [...beside, ...held, el("h3", {}, say("Where it is decided")), el("p", { class: "small quiet" }, say("What it could still be after each priority has its due; bold where one narrows it.")),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Where it is decided") }, el("table", {}, el("thead", {}, el("tr", {}, ...[say("After"), say("at least"), say("at most")].map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...rows)))];
}

function moves(grounds) {
  if (grounds.found.terms.length || !grounds.found.decided.length) return [];
  const head = el("h3", {}, say("What would move it"));
  if (works("effects")) return [head, work("effects", redraw)];
  if (!grounds.effects) {
    return [head, el("button", { type: "button", class: "plain", "data-key": "ask-effects", onclick: async () => {
      const found = await long("effects", question({ figure: grounds.figure }), redraw, guarded);
      if (found?.status === "effects" && table.grounds === grounds) grounds.effects = found;
      redraw();
    } }, say("Move every input a little (a minute or so)"))];
  }
  const of = units()[grounds.effects.unit] ?? grounds.effects.unit;
  if (!grounds.effects.effects.length) return [head, el("p", {}, say("None of {count} inputs, changed a little, would move it.", { count: grounds.effects.tried }))];
  const effect = (v) => (v === null ? say("no plan") : v === 0 ? "0" : `${v > 0 ? "+" : ""}${number(v, 2)}`);
  const rows = grounds.effects.effects.map((e) => el("tr", {}, el("th", { scope: "row" }, e.title), el("td", {}, units()[e.unit] ?? e.unit), el("td", {}, effect(e.one_more)), el("td", {}, effect(e.one_less))));
  const heads = [say("One unit of an input moves it by, {unit}", { unit: of }), say("unit"), say("one more"), say("one less")];
  return [head, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("What would move it") }, el("table", { id: "effects" }, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...rows)))];
}

function doubts(grounds) {
  if (grounds.found.terms.length || !grounds.found.decided.length) return [];
  const head = el("h3", {}, say("Which inputs matter most?"));
  if (works("doubt")) return [head, work("doubt", redraw)];
  const { doubt } = grounds;
  if (!doubt) {
    return [head, el("button", { type: "button", class: "plain", "data-key": "ask-doubt", onclick: async () => {
      const found = await long("doubt", question({ figure: grounds.figure }), redraw, guarded);
      if (found?.status === "doubt" && table.grounds === grounds) grounds.doubt = found;
      redraw();
    } }, say("Rank them"))];
  }
  const left = doubt.left_out.length ? el("p", { class: "small quiet" }, say("Promises made on this page and another order are left out of it.")) : null;
  if (!doubt.inputs.length && doubt.moved) {
    return [head, el("p", {}, say("{count} inputs have a stated range: each at both ends takes about {minutes} min here, too long to wait for. Type:", { count: doubt.moved, minutes: number(Math.max(1, doubt.seconds / 60)) })), el("pre", { class: "scroll command", tabindex: "0" }, doubt.command), left];
  }
  const digits = 1;
  const rows = doubt.inputs.map((s) => el("tr", {}, el("th", { scope: "row" }, s.title), el("td", {}, number(s.at_low, digits)), el("td", {}, number(s.at_high, digits)), el("td", {}, el("b", {}, number(s.swing, digits)))));
  const heads = [say("Input"), say("at its low end"), say("at its high end"), say("swing")];
  return [head, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Which inputs matter most?") }, el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))), el("tbody", {}, ...rows))), left];
}

// Tables of input, each with its owners, grades and sources.
function inputs(found) {
  const sources = Object.fromEntries(found.sources.map((s) => [s.key, s]));
  return found.tables.map((t) => el("details", { class: "inputs" },
    el("summary", {}, el("span", {}, sentence(t.title)), " ", el("span", { class: "quiet" }, t.assumed === t.rows ? say("all {rows} assumed", { rows: number(t.rows) }) : say("{assumed} of {rows} assumed ({share})", { assumed: number(t.assumed), rows: number(t.rows), share: percent(t.assumed / t.rows) }))),
    ...bySource(t).map(([key, groups]) => el("div", { class: "source" }, source(sources[key]), el("ul", {}, ...groups.map(group))))));
}

const sentence = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

function bySource(t) {
  const found = new Map();
  for (const g of t.groups) found.set(g.source, [...(found.get(g.source) ?? []), g]);
  return [...found];
}

function source(s) {
  if (!s) return null;
  // titles of sources are as their publishers wrote them, in English
  const named = el("span", { lang: "en" }, s.title);
  return el("p", { class: "small" }, say("Source:"), " ", s.url ? el("a", { href: s.url, rel: "noreferrer noopener", target: "_blank" }, named) : named);
}

function group(g) {
  const count = g.rows === 1 ? g.first.replace(/^.*\//, "") : say("{count} rows", { count: number(g.rows) });
  return el("li", { class: "small" }, `${g.title}: ${count}, `, el("b", {}, gradeCalled(g.grade)), g.note ? el("span", { class: "quiet", lang: "en" }, `. ${g.note}`) : null);
}
