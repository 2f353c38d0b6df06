// A table behind a picture, to read and to copy.
import { el, tell } from "./dom.js";
import { say } from "./words.js";

export function listing(label, heads, rows, more = {}) {
  const copy = async () => {
    await navigator.clipboard?.writeText([heads, ...rows].map((row) => row.join("\t")).join("\n"));
    tell(say("The table is copied."));
  };
  return el("div", {}, el("p", {}, el("button", { type: "button", class: "link copy", "data-key": more.key ? `copy-${more.key}` : null, onclick: copy }, say("Copy the table"))),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, el("table", more.id ? { id: more.id } : {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, ...rows.map(([name, ...cells]) => el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((c) => el("td", {}, c))))))));
}
