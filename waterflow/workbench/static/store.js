// What is asked now, how it came to be, and the page's address, which holds it all.
import { keptPins, openPins } from "./pins.js";
import { table } from "./table.js";

export const EMPTY = { model: "", scenario: "", step: "", agreements: null, order: [], questions: {}, lang: "en" };

let now = { ...EMPTY };
let listeners = [];

export const state = () => now;
export const listen = (heard) => listeners.push(heard);

// The state as the engine reads it.
export function question(more = {}, of = now) {
  const asked = { model: of.model, questions: of.questions, lang: now.lang, order: of.order, ...more };
  if (of.scenario) asked.scenario = of.scenario;
  if (of.step) asked.step = more.step ?? of.step;
  if (of.agreements) asked.agreements = of.agreements;
  return asked;
}

function written(of) {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries({ m: of.model, s: of.scenario, t: of.step, l: of.lang })) if (value) parts.set(key, value);
  if (of.agreements) parts.set("a", of.agreements.join(","));
  if (of.order.length) parts.set("o", of.order.join(","));
  if (table.tab !== "schematic") parts.set("v", table.tab);
  if (table.when !== "year") parts.set("w", table.when);
  for (const [address, value] of Object.entries(of.questions)) parts.append("q", `${address}=${value}`);
  return `#${parts}`;
}

export function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const found = { ...EMPTY, model: parts.get("m") ?? "", scenario: parts.get("s") ?? "", step: parts.get("t") ?? "", lang: parts.get("l") ?? "" };
  found.agreements = parts.has("a") ? parts.get("a").split(",").filter(Boolean) : null;
  found.order = (parts.get("o") ?? "").split(",").filter(Boolean);
  [table.tab, table.when] = [parts.get("v") ?? "schematic", parts.get("w") ?? "year"];
  found.questions = {};
  for (const text of parts.getAll("q")) {
    const at = text.indexOf("=");
    const value = text.slice(at + 1);
    if (at > 0) found.questions[text.slice(0, at)] = value.startsWith("x") ? value : Number(value);
  }
  return found;
}

let steps = [];
let at = -1;

// A step: something changed, in words for whoever reads what happened last.
export function move(changed, told, { replace = false } = {}) {
  const before = now;
  now = { ...now, ...changed };
  if (replace && at >= 0) steps[at] = { state: now, told: steps[at].told };
  else {
    steps = [...steps.slice(0, at + 1), { state: now, told }];
    at = steps.length - 1;
  }
  history[replace ? "replaceState" : "pushState"]({ at }, "", written(now));
  for (const heard of listeners) heard(now, before);
}

// Another picture or another season is looked at: no step, but the address says it.
export const looked = () => history.replaceState(history.state, "", written(now));

export const canUndo = () => at > 0;
export const canRedo = () => at < steps.length - 1;
export const lastStep = () => (at > 0 ? steps[at].told : "");
export const stateBefore = () => (at > 0 ? steps[at - 1].state : null);
export const undo = () => canUndo() && history.back();
export const redo = () => canRedo() && history.forward();
export const evening = () => ({ format: 1, at, steps, pins: keptPins() });

// An evening's steps as they were saved.
export function reopen(saved) {
  if (saved?.format !== 1 || !Array.isArray(saved.steps) || !saved.steps.length) throw new Error("no evening");
  for (const step of saved.steps) {
    if (typeof step?.state?.model !== "string" || typeof step.state.questions !== "object") throw new Error("no evening");
  }
  steps = saved.steps.map((step) => ({ state: { ...EMPTY, ...step.state }, told: String(step.told ?? "") }));
  at = Math.min(Math.max(0, saved.at | 0), steps.length - 1);
  openPins(saved.pins);
  const before = now;
  now = steps[at].state;
  history.pushState({ at }, "", written(now));
  for (const heard of listeners) heard(now, before);
}

addEventListener("popstate", (event) => {
  const before = now;
  if (Number.isInteger(event.state?.at) && steps[event.state.at]) {
    at = event.state.at;
    now = steps[at].state;
    looked();
  } else now = { ...readAddress(), lang: readAddress().lang || now.lang };
  for (const heard of listeners) heard(now, before);
});
