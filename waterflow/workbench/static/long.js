// What takes long: asked by a button, told how far it is, let go by another.
import { ask, progress, stop } from "./api.js";
import { el } from "./dom.js";
import { percent, say } from "./words.js";

const jobs = {};

export const works = (kind) => Boolean(jobs[kind]);

// The answer; null where it was let go, or a newer question took its place.
export async function long(kind, asked, painted, tried) {
  const own = (jobs[kind] = { share: 0, waits: true });
  painted();
  const timer = setInterval(async () => {
    try {
      const found = await progress(kind);
      Object.assign(own, { share: found.share, waits: found.status === "waits" });
      if (jobs[kind] === own) for (const place of document.querySelectorAll(`[data-work="${kind}"]`)) place.replaceChildren(...inside(kind));
    } catch {
      // the engine does not answer: whoever waits for the answer tells it
    }
  }, 500);
  try {
    return await tried(() => ask(kind, asked));
  } finally {
    clearInterval(timer);
    if (jobs[kind] === own) delete jobs[kind];
    painted();
  }
}

export function letGoOf(kind) {
  stop(kind);
  delete jobs[kind];
}

function inside(kind) {
  const { share, waits } = jobs[kind] ?? { share: 0 };
  const told = waits ? say("Others are before us…") : percent(share);
  return [el("span", { class: "track" }, el("i", { style: `width: ${Math.round(100 * share)}%` })), el("span", { class: "number" }, told)];
}

// A bar of how far it is, and the button that lets it go.
export function work(kind, painted) {
  return el("div", { class: "work", role: "status" }, el("span", { class: "far", "data-work": kind }, ...inside(kind)),
    el("button", { type: "button", class: "plain", "data-key": `stop-${kind}`, onclick: () => {
      letGoOf(kind);
      painted();
    } }, say("Cancel")));
}
