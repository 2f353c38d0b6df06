// The bar: which river, which year, which step; undo, redo, pin, link, file, language, light.
import { el, id, put } from "./dom.js";
import { canRedo, canUndo, state } from "./store.js";
import { say, spoken } from "./words.js";

export function paintBar(served, act) {
  const now = state();
  const model = served.models.find((m) => m.name === now.model);
  if (!model) return;
  const choose = (label, key, options, value) => el("select", { "aria-label": label, "data-key": key, onchange: (event) => act.choose(key, event.target.value, event.target.selectedOptions[0].textContent) },
    ...options.map(([name, title]) => el("option", { value: name, selected: name === value }, title)));
  const steps = { month: say("By month"), dekad: say("By dekad"), week: say("By week"), day: say("By day") };
  const agreements = [["*", say("Agreements of the scenario")], ["", say("No agreement")], ...model.agreements.map((a) => [a.name, a.title])];
  const button = (key, label, sign, off = false, more = "") => el("button", { type: "button", class: more, "data-key": key, "aria-label": label, title: label, disabled: off, onclick: act[key] }, sign);
  // whoever has chosen has done with the menu
  const entry = (key, label) => el("button", { type: "button", "data-key": key, onclick: (event) => {
    event.currentTarget.closest("details").open = false;
    act[key]();
  } }, label);
  put(id("bar"),
    el("span", { class: "name" }, el("img", { src: "mark.svg", alt: "" }), el("span", {}, "waterflow")),
    served.models.length > 1 ? choose(say("River"), "model", served.models.map((m) => [m.name, m.title]), now.model) : null,
    choose(say("Scenario"), "scenario", model.scenarios.map((s) => [s.name, s.title]), now.scenario),
    model.steps.length > 1 ? choose(say("Step"), "step", model.steps.map((s) => [s, steps[s] ?? s]), now.step || model.steps[0]) : null,
    model.agreements.length ? choose(say("Agreements"), "agreements", agreements, now.agreements === null ? "*" : now.agreements[0] ?? "") : null,
    el("span", { class: "spring" }),
    button("undo", say("Undo"), "↶", !canUndo()), button("redo", say("Redo"), "↷", !canRedo()), button("replay", say("Replay the last step"), "⟲", !canUndo(), "wide"),
    button("pin", say("Pin this plan to compare with it"), say("Pin")),
    menu(say("Export"), "export", [entry("pdf", say("Protocol annex, PDF")), entry("xlsx", say("Workbook, XLSX")), entry("html", say("Report, HTML")), entry("link", say("Copy the link")), entry("save", say("Save the evening's steps")), entry("open", say("Open saved steps"))]),
    choose(say("Language"), "lang", [["en", "EN"], ["ru", "RU"]], spoken()),
    button("light", say("Light or dark"), "◐", false, "wide"));
}

function menu(label, key, entries) {
  return el("details", { id: key }, el("summary", { "data-key": key }, label), el("div", { class: "menu" }, ...entries));
}

export function paintTabs(section, choose) {
  const tab = (name, label) => el("button", { type: "button", "aria-pressed": String(section === name), "data-key": `section-${name}`, onclick: () => choose(name) }, label);
  put(id("tabs"), tab("river", say("River")), tab("levers", say("Levers")), tab("parties", say("Parties")), tab("why", say("Why")));
}
