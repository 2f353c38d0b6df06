// Pinned plans: each has its letter and may have a name; one of them is compared with the plan on the table.
import { el } from "./dom.js";
import { table } from "./table.js";
import { say } from "./words.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export const pinCalled = (pin) => `${pin.mark}: ${pin.name || pin.told}`;

// A plan is pinned: the next letter that is free.
export function pinned(made) {
  const free = [...LETTERS].find((letter) => !table.pins.some((p) => p.mark === letter));
  if (!free) return null;
  const pin = { name: "", ...made, mark: free };
  table.pins.push(pin);
  table.pinned = pin;
  return pin;
}

export function unpinned() {
  table.pins = table.pins.filter((p) => p !== table.pinned);
  table.pinned = null;
}

// Which pinned plan is compared, what it is called, and away with it.
export function pinBar({ compare, unpin, rename }) {
  const own = table.pins.filter((p) => p.state.model === table.river.model);
  if (!own.length) return [];
  const now = table.pinned;
  const choose = el("select", { "aria-label": say("Compare with"), "data-key": "compare", class: "pins", onchange: (event) => compare(event.target.value) },
    el("option", { value: "", selected: !now }, say("compare with nothing")), ...own.map((p) => el("option", { value: p.mark, selected: p === now }, pinCalled(p))));
  if (!now) return [choose];
  const name = el("input", { type: "text", maxlength: 60, value: now.name, placeholder: say("name it"), "aria-label": say("Name of pinned plan {mark}", { mark: now.mark }), "data-key": "pin-name", class: "pins", onchange: (event) => rename(now, event.target.value.trim()) });
  return [choose, name, el("button", { type: "button", class: "link", "data-key": "unpin", onclick: unpin }, say("unpin"))];
}

// As they are kept in a file: what was asked, not what was answered, which is planned again.
export const keptPins = () => table.pins.map(({ mark, name, told, state }) => ({ mark, name, told, state }));

export function openPins(saved) {
  const known = (Array.isArray(saved) ? saved : []).filter((p) => typeof p?.mark === "string" && LETTERS.includes(p.mark) && p.mark.length === 1 && typeof p.state?.model === "string" && typeof p.state.questions === "object");
  table.pins = known.map((p) => ({ mark: p.mark, name: String(p.name ?? "").slice(0, 60), told: String(p.told ?? ""), state: p.state, picture: null, river: null, noDeal: null }));
  table.pinned = null;
}
