// Small makers of elements; text is always text, never markup.
const SVG = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const el = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);
export const id = (name) => document.getElementById(name);

let works = 0;
// The engine is asked (1) or has answered (-1): the page says so until everything is answered.
export function busy(by) {
  works += by;
  document.body.classList.toggle("busy", works > 0);
}

const called = (details) => details.id || details.querySelector("summary")?.textContent;

// New content in a place; focus stays on what has the same data-key, and what was unfolded stays so.
export function put(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset?.key : null;
  const open = new Set([...place.querySelectorAll("details[open]")].map(called));
  place.replaceChildren(...children.flat().filter(Boolean));
  for (const details of place.querySelectorAll("details")) if (open.has(called(details))) details.open = true;
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

export const tell = (() => {
  let timer;
  return (text) => {
    id("note").textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => (id("note").textContent = ""), 6000);
  };
})();

// A figure that opens what it rests on.
export const figure = (name, text, key = name) => el("button", { type: "button", class: "figure", "data-grounds": name, "data-key": `grounds-${key}` }, text);

// Every party has its colour and its shape.
export function shape(k) {
  const forms = ["M0 0h12v12H0z", "M6 0a6 6 0 1 0 .01 0z", "M6 0l6 6-6 6-6-6z", "M6 0l6 12H0z", "M0 3h12v6H0z", "M3 0h6v12H3z"];
  return svg("svg", { class: "shape", viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: forms[k % 6], fill: `var(--p${k % 6})` }));
}
