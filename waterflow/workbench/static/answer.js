// The answer: what reaches the lake, one sentence, and what it rests on.
import { failed, fresh, noDealOf } from "./asked.js";
import { sureOf } from "./chances.js";
import { el, figure, id, put } from "./dom.js";
import { canUndo, lastStep } from "./store.js";
import { asked, delivered, gains, lakeOf, partyOf, table, titleOf } from "./table.js";
import { difference, mark, money, number, percent, say, seasonWords } from "./words.js";

const CALLED = { official: mark("official"), observed: mark("observed"), published: mark("published"), derived: mark("derived"), press: mark("press"), unverified: mark("unverified"), assumed: mark("assumed") };
export const gradeCalled = (grade) => say(CALLED[grade] ?? grade);
const GRADES = { official: "#0b6e4f", observed: "#1f8378", published: "#2f74ab", derived: "#7f909d", press: "#c9861a", unverified: "#b0563c", assumed: "#8c5200" };

export function paintAnswer({ undo, replay, sources, again }) {
  const { picture, conflict } = table;
  const place = id("answer");
  place.classList.toggle("clash", Boolean(conflict));
  put(place, el("div", {}, ...lake(picture)), el("div", { class: "sentence" }, ...sentence({ undo, replay, again })), el("div", { class: "trust" }, ...trust(sources)));
}

function lake(picture) {
  if (!picture) return [el("p", { class: "quiet" }, say("Planning…"))];
  if (!picture.targets.length) return [el("p", {}, say("This river has no target."))];
  const [got, want] = [delivered(picture), asked(picture)];
  const before = table.pinned ? delivered(table.pinned.picture) : null;
  const parts = picture.targets.map((t) => el("div", { style: `flex: ${Math.max(t.target, want / 12)}; min-width: 0` },
    el("div", { class: "track" }, el("i", { style: `width: ${Math.min(100, (100 * t.delivered) / (t.target || 1))}%` })),
    el("span", { class: "small quiet" }, say("{season}: {got} of {want}", { season: seasonWords(t.window), got: number(t.delivered), want: number(t.target) }), sureOf("target", t.place, t.window))));
  return [
    el("p", { class: "small quiet" }, say("{title}: delivered against target", { title: lakeOf(picture) }), table.conflict ? [" — ", say("last plan")] : fresh() ? "" : [" — ", say("plan before")]),
    el("p", { class: table.conflict || !fresh() ? "last" : "" }, el("span", { class: "big", id: "delivered", "data-value": got }, figure(picture.targets[0].place, number(got))), " ",
      el("span", { class: "quiet" }, say("of {want} million m³", { want: number(want) })), " ",
      el("b", { style: "float: right; font-size: 18px; line-height: 38px" }, percent(got / (want || 1)))),
    el("div", { class: "targets" }, ...parts),
    before === null ? null : el("p", { class: "small" }, say("pinned: {before}; change since {change}", { before: number(before), change: difference(got, before) })),
  ];
}

function sentence({ undo, replay, again }) {
  const { picture, conflict } = table;
  const step = lastStep();
  const last = el("p", { class: "small quiet" }, step ? say("Last step: {step}", { step }) : say("Nothing has been moved yet."), " ",
    canUndo() ? el("button", { type: "button", class: "link", "data-key": "undo-last", onclick: undo }, say("undo")) : null, " ",
    canUndo() && !conflict ? el("button", { type: "button", class: "link", "data-key": "replay", onclick: replay }, say("replay")) : null);
  if (table.refused) return [el("h1", { class: "head", role: "alert" }, say("This was not understood")), el("p", { class: "worse" }, table.refused), last];
  if (table.replayed) return [el("h1", { class: "head" }, say("The plan before the last step")), last];
  // whatever stands on the page is marked until it answers what is asked now
  if (picture && !fresh()) return [el("h1", { class: "head", id: "planning" }, say("Planning…")), el("p", {}, say("The figures on this page are of the plan before.")), last];
  if (conflict) {
    const count = conflict.clashing.length;
    const head = count === 1 ? say("No plan exists: one promise or rule cannot be kept") : count ? say("No plan exists: {count} promises and rules clash", { count }) : say("No plan exists: the river cannot do this");
    return [el("h1", { class: "head", role: "alert" }, head), el("p", {}, say("The figures on this page are of the last plan. Choose who gives way, or undo.")), last];
  }
  if (!picture) return [el("h1", { class: "head" }, say("Looking for the best plan"))];
  return [...told(picture, again), ...below(picture), picture.dragging ? el("p", { class: "small quiet" }, say("While you drag: energy at fixed rates, money at central values.")) : null, last];
}

// One sentence from the figures: who is worse off than without a deal, and by how much.
function told(picture, again) {
  const found = gains(picture, noDealOf(picture));
  const want = asked(picture);
  const missing = want - delivered(picture);
  const lakeSays = !picture.targets.length ? "" : missing > 0.5
    ? say("{title} is {missing} million m³ short.", { title: lakeOf(picture), missing: number(picture.targets.reduce((a, t) => a + Math.max(0, t.target - t.delivered), 0)) })
    : say("{title} gets what was promised.", { title: lakeOf(picture) });
  if (!found && failed("noDeal")) return [el("h1", { class: "head" }, lakeSays), el("p", { class: "worse" }, say("What each has without a deal was not found: {why}", { why: failed("noDeal") }), " ", el("button", { type: "button", class: "link", "data-key": "again-no-deal", onclick: again }, say("Ask again")))];
  if (!found) return [el("h1", { class: "head" }, lakeSays), el("p", {}, picture.values ? say("Asking what each has without a deal…") : say("Nothing in this river has a value: water and power are counted, money is not."))];
  const ranked = Object.entries(found).map(([party, g]) => [party, g.central]).sort((a, b) => a[1] - b[1]);
  const [party, worst] = ranked[0];
  const head = worst < -0.05
    ? el("h1", { class: "head" }, ...split(say("{party} would be {amount} worse off than without a deal", { party: partyOf(party), amount: "\u0001" }), el("span", { class: "worse" }, say("{amount} million USD", { amount: number(-worst, worst > -99.95 ? 1 : 0) }))))
    : el("h1", { class: "head" }, say("Nobody is worse off than without a deal"));
  const rest = (worst < -0.05 ? ranked.slice(1) : ranked).map(([p, g]) => `${partyOf(p)} ${money(g)}`).join(", ");
  return [head, el("p", {}, say("The others: {list} million USD.", { list: rest }), " ", lakeSays)];
}

// A plan may be proved best and yet leave a river below its minimum: that is said beside the proof.
function below(picture) {
  if (!picture.floors.length) return [];
  const each = picture.floors.map((f) => say("{title} in {count} of {all} periods, by up to {missing} m³/s", { title: titleOf(f.place), count: f.periods.length, all: table.river.periods.length, missing: number(f.most) }));
  return [el("p", { class: "worse", id: "below" }, say("Below the minimum flow: {list}.", { list: each.join("; ") }))];
}

function split(text, part) {
  const [before, after] = text.split("\u0001");
  return [before, part, after];
}

function trust(sources) {
  const { river, picture, conflict } = table;
  if (!river) return [];
  const bars = Object.entries(river.by_grade).map(([grade, count]) => el("i", { style: `flex: ${count}; background: ${GRADES[grade] ?? "#888"}`, title: `${gradeCalled(grade)}: ${count}` }));
  return [
    el("p", { id: "proof", class: conflict ? "worse" : "" }, picture && !fresh() ? say("Not proved yet") : conflict ? say("Proved impossible") : picture && !picture.dragging ? say("✓ Proved best, and checked") : say("Proved at fixed rates")),
    el("div", { class: "grades", role: "img", "aria-label": Object.entries(river.by_grade).map(([g, c]) => `${gradeCalled(g)} ${c}`).join(", ") }, ...bars),
    el("p", { class: "small" }, el("button", { type: "button", class: "link", "data-key": "sources", onclick: sources }, say("Rests on {count} assumed or unverified inputs", { count: number(river.assumed) }))),
  ];
}
