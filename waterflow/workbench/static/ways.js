// A conflict: what clashes, and who could give way.
import { el, id, put } from "./dom.js";
import { partyOf, table } from "./table.js";
import { difference, number, percent, say } from "./words.js";

export function paintWays(accept) {
  const place = id("ways");
  const { conflict } = table;
  place.hidden = !conflict;
  if (!conflict) return put(place);
  const clash = conflict.clashing.map((c) => el("li", {}, c.said, c.parties.length ? el("span", { class: "quiet" }, ` (${c.parties.map(partyOf).join(", ")})`) : null));
  const works = conflict.works.map((said) => el("li", { class: "quiet" }, said));
  return put(place,
    el("header", {}, el("h2", {}, conflict.clashing.length === 1 ? say("This cannot be kept") : say("These cannot hold together"))),
    el("ul", { style: "margin: 0; padding-left: 18px" }, ...clash, ...works),
    el("div", { class: "cards" }, ...conflict.ways_out.map((way, k) => card(way, k, accept))),
    el("details", {}, el("summary", { class: "small" }, say("Everything that was found")), el("pre", { class: "small scroll", tabindex: "0" }, conflict.text)));
}

function card(way, k, accept) {
  const lever = table.river.levers.find((l) => l.address === way.lever);
  const tag = k === 0 ? say("least concession {share}", { share: percent(way.share) }) : say("another way {share}", { share: percent(way.share) });
  return el("div", { class: "way" }, el("span", { class: "tag" }, tag), el("h3", {}, lever?.title ?? way.said),
    el("p", {}, el("b", {}, `${number(way.before)} → ${number(way.after)}`), " ", el("span", { class: "quiet" }, difference(way.after, way.before))),
    lever ? el("button", { type: "button", "data-key": `accept-${k}`, "data-accept": way.lever, onclick: () => accept(lever, way) }, say("Accept")) : el("p", { class: "small quiet" }, say("No lever of this page moves it.")));
}
