// What is short and why; what a step of each lever would bring the lake; the plan that is pinned beside this one.
import { failed, noDealOf, pinnedNoDeal, pricesNow } from "./asked.js";
import { el, figure, id, put } from "./dom.js";
import { pinBar } from "./pins.js";
import { delivered, gains, lakeOf, partyOf, table, titleOf } from "./table.js";
import { change, difference, number, percent, say, seasonWords, unit } from "./words.js";

const MOST = 6;
let all = false;

export function paintWhy(pins, again, paint) {
  const { picture, river } = table;
  if (!picture || !river) return;
  const place = id("why");
  const lacks = [el("h2", {}, say("What is short"))];
  if (table.pinned) put(place, ...compared(pins), ...lacks, short(paint));
  else put(place, el("header", {}, ...lacks, el("span", { class: "spring" }), ...pinBar(pins)), el("div", { class: "two" }, short(paint), brings(again)));
  place.classList.toggle("last", Boolean(table.conflict));
}

// Everything that is short: targets and minimum flows first, then whoever lacks the largest share; the first of them, or all.
function short(paint) {
  const { picture } = table;
  const water = unit.water();
  const line = (name, gap, want, of, grounds) => ({ name, gap, want, of, grounds });
  const first = picture.targets.map((t) => line(say("{name}, {season}", { name: titleOf(t.place), season: seasonWords(t.window) }), t.target - t.delivered, t.target, water, `${t.place}/${t.season}`));
  for (const f of picture.floors) first.push(line(say("{place}: minimum flow, worst period", { place: titleOf(f.place) }), f.most, f.floor, unit.flow()));
  const rest = picture.parties.map((p) => line(say("Power of {party}", { party: partyOf(p.party) }), p.power_unserved, p.power_asked, unit.power(), `unserved/${p.party}`));
  const sum = (series) => series.reduce((a, b) => a + b, 0);
  for (const u of picture.users) rest.push(line(say("{party}, {place}", { party: partyOf(u.party), place: titleOf(u.place) }), sum(u.asked) - sum(u.got), sum(u.asked), water));
  const found = [...first, ...rest.sort((a, b) => b.gap / b.want - a.gap / a.want)].filter((x) => x.gap > 0.5);
  if (!found.length) return el("p", {}, say("Nothing is short."));
  const shown = (x) => `${number(x.gap)}\u00a0${x.of}`;
  const row = (x) => el("div", {}, el("span", {}, x.name), el("b", { class: "number" }, x.grounds ? figure(x.grounds, shown(x), `short-${x.grounds}`) : shown(x)), el("span", { class: "number" }, percent(x.gap / x.want)));
  const more = found.length > MOST ? el("button", { type: "button", class: "link small", "data-key": "all-short", onclick: () => {
    all = !all;
    paint();
  } }, all ? say("fewer") : say("all {count}", { count: found.length })) : null;
  return el("div", {}, el("div", { class: "lines", id: "short" }, ...(all ? found : found.slice(0, MOST)).map(row)), more);
}

// A bar from the middle: to the right what is more, to the left what is less.
const bar = (share) => el("span", { class: "either" }, el("i", { class: share < 0 ? "less" : "", style: `width: ${Math.round(50 * Math.abs(share))}%; ${share < 0 ? "right" : "left"}: 50%` }));

// Levers by what a step brings the lake.
function brings(again) {
  const { river, picture } = table;
  const prices = pricesNow();
  if (!picture.targets.length) return el("div");
  const found = (prices?.prices ?? []).filter((p) => p.possible && Math.abs(p.target_Mm3) >= 0.5).sort((a, b) => Math.abs(b.target_Mm3) - Math.abs(a.target_Mm3));
  const most = Math.max(1, ...found.map((p) => Math.abs(p.target_Mm3)));
  const rows = found.slice(0, 5).map((p) => {
    const lever = river.levers.find((l) => l.address === p.address);
    const step = lever.kind === "factor" ? `+${percent(p.step)}` : `+${number(p.step)}`;
    return el("div", {}, el("span", {}, `${lever.title}, ${step}`), bar(p.target_Mm3 / most), el("b", { class: "number" }, change(p.target_Mm3)));
  });
  const none = prices ? say("No step of a lever moves what reaches it.") : failed("prices") ? [say("What a step does was not found: {why}", { why: failed("prices") }), " ", el("button", { type: "button", class: "link", "data-key": "again-steps", onclick: again }, say("Ask again"))] : say("Trying a step of each lever…");
  return el("div", {}, el("h3", { class: "small quiet" }, say("What a step brings {title}, million m³", { title: lakeOf() })), rows.length ? el("div", { class: "lines bars" }, ...rows) : el("p", { class: "small" }, none));
}

function compared(pins) {
  const { pinned, picture } = table;
  const [a, b] = [gains(pinned.picture, pinnedNoDeal()), gains(picture, noDealOf(picture))];
  const rows = [[`${lakeOf()}, ${unit.water()}`, delivered(pinned.picture), delivered(picture), 0]];
  for (const [k, p] of picture.parties.entries()) {
    const old = pinned.picture.parties[k];
    if (!old || old.party !== p.party) continue;
    if (a && b) rows.push([say("{party}, million USD against no deal", { party: partyOf(p.party) }), a[p.party].central, b[p.party].central, 1]);
    rows.push([say("{party}, water, million m³", { party: partyOf(p.party) }), old.got, p.got, 0]);
    if (p.power_asked > 0) rows.push([say("{party}, power not served, GWh", { party: partyOf(p.party) }), old.power_unserved, p.power_unserved, 0]);
  }
  const cells = (value, digits) => el("td", {}, number(value, digits));
  return [
    el("header", {}, el("h2", {}, say("Compared")), el("span", { class: "spring" }), ...pinBar(pins)),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Compared") }, el("table", { id: "compared" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, ""), el("th", { scope: "col" }, say("{mark}, pinned", { mark: pinned.mark })), el("th", { scope: "col" }, say("now")), el("th", { scope: "col" }, say("change")))),
      el("tbody", {}, ...rows.map(([name, old, now, digits]) => el("tr", {}, el("th", { scope: "row" }, name), cells(old, digits), cells(now, digits), el("td", {}, difference(now, old, digits))))))),
  ];
}
