// What is short and why; what a step of each lever would bring the lake; the plan that is pinned beside this one.
import { el, figure, id, put } from "./dom.js";
import { pinBar } from "./pins.js";
import { asked, delivered, gains, table } from "./table.js";
import { change, money, number, percent, say, seasonWords, unit } from "./words.js";

export function paintWhy(pins) {
  const { picture, river } = table;
  if (!picture || !river) return;
  const place = id("why");
  if (table.pinned) put(place, ...compared(pins));
  else put(place, el("header", {}, el("h2", {}, say("What is short")), el("span", { class: "spring" }), ...pinBar(pins)), el("div", { class: "two" }, short(), brings()));
  place.classList.toggle("last", Boolean(table.conflict));
}

function short() {
  const { picture, river } = table;
  const title = (name) => river.nodes.find((n) => n.name === name)?.title ?? name;
  const rows = picture.targets.map((t) => [`${t.title}, ${seasonWords(t.window)}`, t.target - t.delivered, t.target, unit.water(), `${t.place}/${t.season}`]);
  for (const p of picture.parties) rows.push([say("Power of {party}", { party: p.party }), p.power_unserved, p.power_asked, unit.power(), `unserved/${p.party}`]);
  const sum = (series) => series.reduce((a, b) => a + b, 0);
  for (const u of picture.users) rows.push([say("{party}, {place}", { party: u.party, place: title(u.place) }), sum(u.asked) - sum(u.got), sum(u.asked), unit.water()]);
  // targets first, then whoever lacks the largest share
  const count = picture.targets.length;
  const first = [...rows.slice(0, count), ...rows.slice(count).sort((a, b) => b[1] / b[2] - a[1] / a[2])].filter(([, gap]) => gap > 0.5);
  if (!first.length) return el("p", {}, say("Nothing is short."));
  return el("div", { class: "lines" }, ...first.slice(0, 6).map(([name, gap, want, of, grounds]) => el("div", {}, el("span", {}, name), el("b", { class: "number" }, grounds ? figure(grounds, `${number(gap)}\u00a0${of}`, `short-${grounds}`) : `${number(gap)}\u00a0${of}`), el("span", { class: "number" }, percent(gap / want)))));
}

// Levers by what a step brings the lake.
function brings() {
  const { prices, river, picture } = table;
  if (!picture.targets.length) return el("div");
  const found = (prices?.prices ?? []).filter((p) => p.possible && Math.abs(p.target_Mm3) >= 0.5).sort((a, b) => Math.abs(b.target_Mm3) - Math.abs(a.target_Mm3));
  const most = Math.max(1, ...found.map((p) => Math.abs(p.target_Mm3)));
  const rows = found.slice(0, 5).map((p) => {
    const lever = river.levers.find((l) => l.address === p.address);
    const step = lever.kind === "factor" ? `+${percent(p.step)}` : `+${number(p.step)}`;
    return el("div", {}, el("span", {}, `${lever.title}, ${step}`), el("i", { style: `width: ${Math.round((80 * Math.abs(p.target_Mm3)) / most)}px` }), el("b", { class: "number" }, change(p.target_Mm3)));
  });
  const none = prices ? say("No step of a lever moves what reaches it.") : say("Trying a step of each lever…");
  return el("div", {}, el("h3", { class: "small quiet" }, say("What a step brings {title}, million m³", { title: picture.targets[0].title })), rows.length ? el("div", { class: "lines bars" }, ...rows) : el("p", { class: "small" }, none));
}

function compared(pins) {
  const { pinned, picture } = table;
  const [a, b] = [gains(pinned.picture, pinned.noDeal), gains(picture, table.noDeal)];
  const rows = [[`${picture.targets[0]?.title ?? ""}, ${unit.water()}`, delivered(pinned.picture), delivered(picture), 0]];
  for (const [k, p] of picture.parties.entries()) {
    const old = pinned.picture.parties[k];
    if (!old || old.party !== p.party) continue;
    if (a && b) rows.push([say("{party}, million USD against no deal", { party: p.party }), a[p.party].central, b[p.party].central, 1]);
    rows.push([say("{party}, water, million m³", { party: p.party }), old.got, p.got, 0]);
    if (p.power_asked > 0) rows.push([say("{party}, power not served, GWh", { party: p.party }), old.power_unserved, p.power_unserved, 0]);
  }
  const cells = (value, digits) => el("td", {}, number(value, digits));
  return [
    el("header", {}, el("h2", {}, say("Compared")), el("span", { class: "spring" }), ...pinBar(pins)),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Compared") }, el("table", { id: "compared" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, ""), el("th", { scope: "col" }, say("{mark}, pinned", { mark: pinned.mark })), el("th", { scope: "col" }, say("now")), el("th", { scope: "col" }, say("change")))),
      el("tbody", {}, ...rows.map(([name, old, now, digits]) => el("tr", {}, el("th", { scope: "row" }, name), cells(old, digits), cells(now, digits), el("td", {}, digits ? money(now - old) : change(now - old))))))),
  ];
}
