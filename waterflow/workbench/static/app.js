// The workbench: asks the engine whenever something moves, and paints what it says.
import { Refused, ask, file, get } from "./api.js";
import { paintAnswer } from "./answer.js";
import { answering, factsKey, factsOnly, fresh, keyOf, noDealOf, pinnedNoDeal } from "./asked.js";
import { paintBar, paintTabs } from "./bar.js";
import { paintChances } from "./chances.js";
import { paintDrawer } from "./drawer.js";
import { busy, id, tell } from "./dom.js";
import { closeGrounds, openGrounds, paintGrounds } from "./grounds.js";
import { ledgerSpoken, paintLedger, readLedger } from "./ledger.js";
import { paintLevers, whenReordered, written } from "./levers.js";
import { paintParties } from "./parties.js";
import { pinned, unpinned } from "./pins.js";
import { paintRiver } from "./river.js";
import { EMPTY, evening, lastStep, listen, move, question, readAddress, redo, reopen, state, stateBefore, undo } from "./store.js";
import { table } from "./table.js";
import { paintTrade } from "./trade.js";
import { paintWays } from "./ways.js";
import { paintWhy } from "./why.js";
import { mark, number, say, speak, spoken } from "./words.js";

let served = { models: [], languages: [] };

function paint() {
  document.body.dataset.tab = table.section;
  document.body.classList.toggle("behind", Boolean(table.picture) && !fresh());
  paintBar(served, acts);
  paintTabs(table.section, (name) => {
    table.section = name;
    paint();
  });
  paintAnswer(answerActs);
  paintLevers({ drag, drop, stay, letGo, again: planned });
  paintWays(accept);
  paintDrawer(closeDrawer, paint);
  paintRiver(openDrawer, paint);
  paintParties(paint);
  paintLedger(paint, tried);
  paintWhy({ compare, unpin, rename }, planned, paint);
  paintChances(paint, tried);
  paintTrade(paint, tried);
  paintGrounds(paint);
}

// A lever moves or has moved: what is painted is marked as that of the plan before, until its own plan is there.
function behind() {
  document.body.classList.toggle("behind", Boolean(table.picture) && !fresh());
  paintAnswer(answerActs);
}

document.addEventListener("resized", () => paint());

// What goes wrong is told in a line; the page stays as it was.
async function tried(act) {
  try {
    return await act();
  } catch (error) {
    const told = error instanceof Refused ? error.message || say("The engine refused this.") : say("The engine does not answer. Figures stay as they were.");
    tell(told);
    table.refused = told;
    paint();
    if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
    return null;
  }
}

const key = (more) => JSON.stringify(question(more));

async function riverOf(step) {
  const asked = { ...question({}), questions: {}, ...(step ? { step } : {}) };
  const name = JSON.stringify(asked);
  table.rivers[name] ??= await ask("river", asked);
  return table.rivers[name];
}

// The plan of what is asked, then what each has without a deal and what a step of each lever does.
async function planned() {
  const own = key({});
  const still = () => own === key({});
  busy(1);
  try {
    const found = await tried(() => newPlan(still));
    if (!found || !still()) return;
    paint();
    if (served.ledger) {
      await tried(readLedger);
      paint();
    }
    if (found.status !== "plan") return;
    if (found.values && !noDealOf(table.picture)) await beside("no_deal", "noDeal", factsKey(), { ...question({}), order: [], questions: factsOnly() });
    if (still()) await beside("prices", "prices", keyOf(question({})), question({}));
    if (still() && table.pinned?.picture?.values && !pinnedNoDeal()) await compare(table.pinned.mark);
  } finally {
    busy(-1);
  }
}

async function newPlan(still) {
  const asked = question({});
  const river = await riverOf();
  if (!river || !still()) return null;
  const found = await ask("plan", asked);
  if (!found || !still()) return null;
  answering(found, asked);
  table.river = river;
  if (table.pinned && table.pinned.river.model !== river.model) table.pinned = null;
  table.monthly = Boolean(served.models.find((m) => m.name === state().model)?.steps.includes("month"));
  [table.refused, table.dragged, table.replayed] = ["", null, false];
  if (table.when !== "year" && !river.seasons.some((s) => s.window === table.when) && !(Number(table.when) < river.periods.length)) table.when = "year";
  if (found.status === "conflict") {
    // the page was opened on a clash: figures are those of the river as it is
    if (!table.picture) table.picture = answering(await ask("plan", question({ questions: {} })), question({ questions: {} }), { ...state(), questions: {} });
    table.conflict = found;
  } else [table.picture, table.conflict] = [found, null];
  return found;
}

// What is found out beside a plan, with the question it answers; where no answer comes, why: nobody waits for what never comes.
async function beside(kind, place, of, asked) {
  const own = (table[place] = { of });
  paint();
  let found;
  try {
    found = await ask(kind, asked);
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
    own.failed = error instanceof Refused && error.message ? error.message : say("The engine does not answer. Figures stay as they were.");
  }
  if (table[place] !== own) return;
  if (found?.status === kind) table[place] = { ...found, of };
  else own.failed ??= found?.text ?? say("The question was dropped.");
  paint();
}

let dragging = Promise.resolve();
let wanted = null;

// While a lever moves: the newest place it was at, months and fixed rates.
function drag(lever, value) {
  const months = served.models.find((m) => m.name === state().model)?.steps.includes("month");
  const questions = { ...state().questions, [lever.address]: written(lever, value) };
  const asked = question({ questions, dragging: true, ...(months ? { step: "month" } : {}) });
  wanted = asked;
  table.dragged = keyOf(asked);
  behind();
  dragging = dragging.then(async () => {
    if (wanted !== asked) return;
    await tried(async () => {
      const river = await riverOf(months ? "month" : undefined);
      const found = await ask("plan", asked);
      if (!found || !river || table.dragged === null) return;
      answering(found, asked, { ...state(), questions });
      [table.river, table.conflict] = [river, found.status === "conflict" ? found : null];
      if (found.status === "plan") table.picture = found;
      paint();
    });
  });
}

// Let go where it stood: nothing is asked anew, but months stand on the page.
function stay() {
  [wanted, table.dragged] = [null, null];
  paint();
  planned();
}

function drop(lever, value) {
  [wanted, table.dragged] = [null, null];
  const shown = lever.kind === "factor" ? `${number(100 * value)}\u202f%` : number(value);
  const questions = { ...state().questions, [lever.address]: written(lever, value) };
  if (lever.kind === "factor" && value === 1) delete questions[lever.address];
  move({ questions }, say("{title}: {figure}", { title: lever.title, figure: shown }));
}

function letGo(lever) {
  const questions = { ...state().questions };
  delete questions[lever.address];
  move({ questions }, say("{title}: let go", { title: lever.title }));
}

function accept(lever, way) {
  // as far as it must give way, and a little: what is written is rounded to a thousand m3
  const value = way.after < way.before ? Math.floor(way.after * 1000) / 1000 : Math.ceil(way.after * 1000) / 1000;
  move({ questions: { ...state().questions, [lever.address]: written(lever, value) } }, say("{title} gives way: {figure}", { title: lever.title, figure: number(value) }));
}

function openDrawer(name) {
  table.drawer = name;
  paint();
  document.querySelector('[data-key="close"]')?.focus();
}

function closeDrawer() {
  const name = table.drawer;
  table.drawer = null;
  paint();
  document.querySelector(`[data-key="tank-${name}"]`)?.focus();
}

function unpin() {
  unpinned();
  paint();
}

function rename(pin, name) {
  pin.name = name;
  paint();
}

// A pinned plan that came from a file is planned again before it is compared.
async function compare(letter) {
  const pin = table.pins.find((p) => p.mark === letter) ?? null;
  const asked = pin && question({}, pin.state);
  busy(1);
  if (pin && !pin.picture) {
    await tried(async () => {
      const river = await ask("river", { ...asked, questions: {} }, "-pin");
      const picture = river && (await ask("plan", asked, "-pin"));
      if (picture?.status === "plan") Object.assign(pin, { river, picture: answering(picture, asked, pin.state) });
      else if (picture) tell(say("Pinned plan {mark} can no longer be made.", { mark: pin.mark }));
    });
  }
  table.pinned = pin?.picture ? pin : null;
  paint();
  if (pin?.picture?.values && !pinnedNoDeal(pin)) await tried(async () => {
    const found = await ask("no_deal", { ...asked, order: [], questions: factsOnly(pin.state) }, "-pin");
    if (found?.status === "no_deal") pin.noDeal = { ...found, of: factsKey(pin.state) };
  });
  else if (pin?.picture) pin.noDeal = pinnedNoDeal(pin);
  busy(-1);
  paint();
}

const CHOSEN = { model: mark("River: {title}"), scenario: mark("Scenario: {title}"), step: mark("Step: {title}"), agreements: mark("Agreements: {title}") };

const acts = {
  undo, redo,
  choose(what, value, title) {
    if (what === "lang") return tried(() => spoke(value));
    const told = say(CHOSEN[what], { title });
    if (what === "model") return move({ ...EMPTY, model: value, lang: spoken() }, told);
    if (what === "scenario") return move({ scenario: value, questions: keptQuestions(), order: [] }, told);
    if (what === "agreements") return move({ agreements: value === "*" ? null : value ? [value] : [], order: [] }, told);
    return move({ [what]: value }, told);
  },
  async replay() {
    const before = stateBefore();
    if (!before || !table.picture) return;
    const now = table.picture;
    if (before.model !== state().model || before.step !== state().step) return tell(say("This step cannot be replayed: it changed the river or the length of a period."));
    const { scenario: _, ...asked } = question({ questions: before.questions, order: before.order });
    const found = await tried(() => ask("plan", before.scenario ? { ...asked, scenario: before.scenario } : asked));
    if (found?.status !== "plan" || found.flows === undefined) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 700;
    // it is the plan before the last step, and says so
    [table.picture, table.replayed] = [answering(found, asked, before), true];
    paint();
    setTimeout(() => {
      if (!table.replayed) return;
      [table.picture, table.replayed] = [now, false];
      paint();
    }, still + 500);
  },
  pin() {
    if (!table.picture) return;
    if (table.conflict || !fresh()) return tell(table.conflict ? say("There is no plan to pin: promises clash.") : say("The plan is still being made."));
    const pin = pinned({ picture: table.picture, river: table.river, noDeal: noDealOf(table.picture), state: state(), told: lastStep() || say("the plan as it is") });
    paint();
    tell(pin ? say("Pinned as {mark}. Move a lever to compare.", { mark: pin.mark }) : say("Every letter is taken: unpin a plan first."));
  },
  async link() {
    await navigator.clipboard?.writeText(location.href);
    tell(say("The link is copied. It opens this plan wherever this table is served."));
  },
  save() {
    download(new Blob([JSON.stringify(evening(), null, 1)], { type: "application/json" }), "waterflow-steps.json");
  },
  open() {
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "file", accept: ".json" });
    chosen.addEventListener("change", async () => {
      try {
        reopen(JSON.parse(await chosen.files[0].text()));
      } catch {
        tell(say("This file holds no saved steps."));
      }
    });
    chosen.click();
  },
  pdf: () => exported("pdf"),
  xlsx: () => exported("xlsx"),
  html: () => exported("html"),
  light() {
    const dark = document.documentElement.dataset.theme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  },
  sources: () => openGrounds("inputs", paint, tried),
};

// Questions go with the river to another year where they mean something there: factors do, figures of one year's dates do not.
const keptQuestions = () => Object.fromEntries(Object.entries(state().questions).filter(([, value]) => typeof value === "string"));

async function exported(kind) {
  busy(1);
  const made = await tried(() => file(`report/${kind}`, question({})));
  busy(-1);
  if (made) download(made, `waterflow-${state().model}-${state().scenario || "plan"}-${spoken()}.${kind}`);
}

function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Another language: words, and names of the river in them, come together.
async function spoke(lang, { first = false } = {}) {
  const named = table.river ? ask("river", { ...question({}), questions: {}, lang }, "-words") : null;
  const [words, models, river] = await Promise.all([get(`words/${lang}`), get(`models?lang=${lang}`), named]);
  speak(words, lang);
  served = models;
  id("skip").textContent = say("To the levers");
  document.title = say("waterflow: the workbench");
  table.rivers = {};
  if (river && river.model === table.river.model) table.river = river;
  ledgerSpoken(paint, tried);
  if (!first) move({ lang }, lastStep(), { replace: true });
}

const answerActs = { undo, replay: () => acts.replay(), sources: () => acts.sources(), again: () => planned() };

addEventListener("keydown", (event) => {
  if (event.target.matches("select, textarea, input[type=text]")) return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "z") {
    event.preventDefault();
    (event.shiftKey ? redo : undo)();
  } else if (event.key === "Escape" && table.grounds) closeGrounds(paint);
  else if (event.key === "Escape" && table.drawer) closeDrawer();
  else if (!control && !event.altKey && event.key.toLowerCase() === "p" && event.target.type !== "range") acts.pin();
  else if (!control && !event.altKey && event.key.toLowerCase() === "r" && event.target.type !== "range") acts.replay();
  else if (event.key === "F6") document.querySelector("#ways button, #levers input")?.focus();
});

// Any figure that says what it is opens what it rests on.
document.addEventListener("click", (event) => {
  const asked = event.target.closest?.("[data-grounds]");
  if (asked) openGrounds(asked.dataset.grounds, paint, tried);
});

addEventListener("offline", () => tell(say("The engine does not answer. Figures stay as they were.")));

listen((now, before) => {
  [wanted, table.dragged, table.replayed] = [null, null, false];
  if (now.lang !== before.lang && now.lang !== spoken()) return tried(() => spoke(now.lang));
  paint();
  planned();
});

whenReordered((order) => move({ order }, say("Order: {order}", { order: order.map((name) => table.river.priorities.find((p) => p.name === name)?.title ?? name).join("; ") })));

async function start() {
  const asked = readAddress();
  const lang = asked.lang || (navigator.language.startsWith("ru") ? "ru" : "en");
  await tried(() => spoke(lang, { first: true }));
  const model = served.models.find((m) => m.name === asked.model) ?? served.models[0];
  if (asked.model && asked.model !== model.name) tell(say("No river {name} is served here.", { name: asked.model }));
  // a page that is opened without more is about the season of its ledger
  const season = served.ledger && !asked.model ? await tried(() => ask("ledger", { model: model.name, questions: {}, lang })) : null;
  const own = season && model.scenarios.some((s) => s.name === season.scenario) ? { scenario: season.scenario } : {};
  if (season && season.step !== model.steps[0] && model.steps.includes(season.step)) own.step = season.step;
  move({ ...(asked.model === model.name ? asked : EMPTY), ...own, model: model.name, lang }, "", { replace: true });
}

start();
