// The parties side by side: money against no deal, water, power; one of them may sit first.
import { noDealOf, pinnedNoDeal } from "./asked.js";
import { sureOf } from "./chances.js";
import { el, figure, id, put, shape, svg } from "./dom.js";
import { gains, partyOf, table } from "./table.js";
import { money, number, say } from "./words.js";

export function paintParties(redraw) {
  const { river, picture } = table;
  if (!river || !picture) return;
  const found = gains(picture, noDealOf(picture));
  const before = table.pinned ? gains(table.pinned.picture, pinnedNoDeal()) : null;
  const all = [...Object.values(found ?? {}), ...Object.values(before ?? {})].flatMap((g) => [g.low ?? g.central, g.central, g.high ?? g.central]);
  const span = [Math.min(0, ...all), Math.max(0, ...all)];
  const sit = (party) => el("button", { type: "button", "data-key": `sit-${party}`, "aria-pressed": String(table.sits === party), onclick: () => {
    table.sits = party;
    redraw();
  } }, party || say("All"));
  const ranked = [...picture.parties].sort((a, b) => (b.party === table.sits) - (a.party === table.sits));
  const place = id("parties");
  put(place,
    el("header", {}, el("h2", {}, say("Parties")), el("span", { class: "spring" }), el("div", { class: "switch", role: "group", "aria-label": say("Sit as") }, sit(""), ...river.parties.map(sit))),
    ...ranked.map((p) => party(p, found?.[p.party], before?.[p.party], span)),
    el("p", { class: "small quiet" }, picture.values ? say("No deal: each state takes what suits it, the upper ones first, and nobody pays or promises anything. Values are assumed; the line runs from low to high. Water: of what all users ask; the limits of a protocol are for some of them only.") : say("No values, no money.")));
  place.classList.toggle("last", Boolean(table.conflict));
}

function party(p, gain, before, span) {
  const k = table.river.parties.indexOf(p.party);
  const parts = [
    el("div", { class: "row" }, el("h3", {}, shape(k), partyOf(p.party)), gain ? el("span", { class: `money ${gain.central < -0.05 ? "worse" : ""}`, "data-party": p.party, "data-value": gain.central }, figure(`payoff/${p.party}`, money(gain.central))) : null, gain ? el("span", { class: "small quiet" }, say("million USD")) : null),
  ];
  if (gain) {
    parts.push(el("div", { class: "row small quiet" }, el("span", { style: "flex: 1" }, say("against no deal")), gain.low === null ? null : `${money(Math.min(gain.low, gain.high))} … ${money(Math.max(gain.low, gain.high))}`), axis(gain, before, span, k));
  }
  parts.push(meter(say("water"), p.got, p.asked, k, say("{got} of {asked}", { got: number(p.got), asked: number(p.asked) }), p.asked > 0 ? `delivered/${p.party}` : ""), sureOf("limit", p.party, "", say("limit")));
  if (p.power_asked > 0) parts.push(meter(say("power"), p.power_asked - p.power_unserved, p.power_asked, k, say("{got} of {asked} GWh", { got: number(p.power_asked - p.power_unserved), asked: number(p.power_asked) }), `unserved/${p.party}`), sureOf("power", p.party, "", say("power")));
  else if (p.river_power > 0) parts.push(el("p", { class: "small quiet" }, say("{power} GWh from own river plants", { power: number(p.river_power) })));
  return el("div", { class: "party" }, ...parts);
}

function axis(gain, before, [low, high], k) {
  const at = (value) => 4 + (292 * (value - low)) / (high - low || 1);
  const line = gain.low === null ? null : svg("path", { d: `M${at(gain.low)} 17H${at(gain.high)}M${at(gain.low)} 14v6M${at(gain.high)} 14v6`, stroke: "var(--ink)", fill: "none" });
  return svg("svg", { class: "axis", viewBox: "0 0 300 22", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { x: Math.min(at(0), at(gain.central)), y: 3, width: Math.max(1, Math.abs(at(gain.central) - at(0))), height: 8, fill: `var(--p${k % 6})` }),
    svg("path", { d: `M${at(0)} 0V22`, stroke: "var(--edge)" }), line,
    before ? svg("path", { d: `M${at(before.central)} 0V13`, stroke: "var(--ink)", "stroke-width": 3 }) : null);
}

function meter(label, got, want, k, text, grounds) {
  const share = want > 0 ? Math.min(100, (100 * got) / want) : 0;
  return el("div", { class: "meter" }, el("span", { class: "quiet" }, label), el("div", { class: "track" }, el("i", { style: `width: ${share}%; background: var(--p${k % 6})` })), el("span", { class: "number" }, grounds ? figure(grounds, text) : text));
}
