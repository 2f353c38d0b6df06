// The levers: what can be moved, where it stands, and what a step of it does.
import { failed, pricesNow } from "./asked.js";
import { sureOfLever } from "./chances.js";
import { el, id, put, shape } from "./dom.js";
import { state } from "./store.js";
import { lakeOf, table } from "./table.js";
import { change, money, number, percent, say } from "./words.js";

let moving = null; // the lever under a finger: it is not painted anew

// Where a lever stands: what is asked, or what the plan chose, or as it is.
function stands(lever, questions = state().questions, picture = table.picture) {
  const asked = questions[lever.address];
  if (asked !== undefined) return { value: typeof asked === "string" ? Number(asked.slice(1)) : asked, asked: true };
  const chosen = picture?.levers[lever.address];
  if (lever.free && chosen !== undefined) return { value: Math.max(chosen, lever.value), asked: false, free: chosen > lever.value + 0.5 || lever.value === 0 };
  return { value: lever.value, asked: false };
}

function figure(lever, at) {
  if (lever.kind === "factor") return at.value === 1 ? say("as it is") : change(100 * (at.value - 1)) + "\u202f%";
  if (at.free) return say("{figure} chosen", { figure: number(at.value) });
  return lever.free ? `≥ ${number(at.value)}` : number(at.value);
}

// Where it stood in the pinned plan; null where that is no other place.
function stood(lever, at) {
  if (!table.pinned) return null;
  const before = stands(lever, table.pinned.state.questions, table.pinned.picture);
  const other = figure(lever, before) !== figure(lever, at);
  return other ? { mark: table.pinned.mark, said: figure(lever, before), share: Math.max(0, Math.min(1, (before.value - lever.low) / (lever.high - lever.low || 1))) } : null;
}

export const written = (lever, value) => (lever.kind === "factor" ? `x${Number(value.toFixed(4))}` : Number(value.toFixed(3)));

function price(lever) {
  const found = pricesNow()?.prices.find((p) => p.address === lever.address);
  if (!found) return [el("span", {}, "\u00a0")];
  const step = lever.kind === "factor" ? `+${percent(found.step)}` : `+${number(found.step)}`;
  if (!found.possible) return [el("span", {}, say("{step}: no plan could keep it", { step }))];
  const worst = Object.entries(found.money_MUSD).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))[0];
  const water = Math.abs(found.target_Mm3) >= 0.5;
  const felt = worst && Math.abs(worst[1]) >= 0.05;
  if (!water && !felt) return [el("span", {}, say("{step}: nothing changes", { step }))];
  const lake = lakeOf();
  return [
    el("span", {}, `${step}:`),
    water ? el("span", {}, `${lake} `, el("b", {}, change(found.target_Mm3))) : null,
    felt ? el("span", {}, shape(table.river.parties.indexOf(worst[0])), `${worst[0]} `, el("b", {}, money(worst[1]))) : null,
  ];
}

export function paintLevers({ drag, drop, stay, letGo, again }) {
  const { river, conflict } = table;
  if (!river || moving) return;
  const clashing = new Set((conflict?.clashing ?? []).map((c) => c.lever));
  const one = (lever, k) => {
    const at = stands(lever);
    const before = stood(lever, at);
    const name = `lever-${k}`;
    const shownFigure = el("output", { for: name }, figure(lever, at));
    const released = () => {
      if (moving !== lever.address) return;
      moving = null;
      stay();
    };
    const input = el("input", {
      id: name, type: "range", min: lever.low, max: lever.high, step: lever.step, value: at.value, "data-key": lever.address, "data-address": lever.address,
      "aria-valuetext": `${figure(lever, at)} ${lever.unit ? say("million m³") : ""}`,
      oninput: (event) => {
        moving = lever.address;
        const value = Number(event.target.value);
        shownFigure.textContent = figure(lever, { value, asked: true });
        drag(lever, value);
      },
      onchange: (event) => {
        moving = null;
        drop(lever, Number(event.target.value));
      },
      // a lever that is let go where it stood tells no change
      onpointerup: () => setTimeout(released, 50),
      onblur: () => setTimeout(released, 50),
      onkeydown: (event) => {
        if (event.key === "Delete" && at.asked) letGo(lever);
        if (event.shiftKey && ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"].includes(event.key)) {
          event.preventDefault();
          const ten = 10 * lever.step * (["ArrowRight", "ArrowUp"].includes(event.key) ? 1 : -1);
          drop(lever, Math.min(lever.high, Math.max(lever.low, Number(event.target.value) + ten)));
        }
      },
    });
    return el("div", { class: `lever ${at.free ? "free" : ""} ${clashing.has(lever.address) ? "clash" : ""}` },
      el("div", { class: "row" }, el("label", { for: name }, lever.title), shownFigure),
      el("div", { class: "slide" }, input, before ? el("i", { class: "was", style: `left: calc(8px + (100% - 16px) * ${before.share})` }) : null),
      before ? el("div", { class: "small" }, el("span", { class: "chip", title: say("in the pinned plan") }, el("b", {}, before.mark), ` ${before.said}`)) : null,
      el("div", { class: "price" }, ...price(lever), sureOfLever(lever), at.asked ? el("button", { type: "button", class: "link", "data-key": `go-${lever.address}`, onclick: () => letGo(lever) }, say("let go")) : null));
  };
  const main = river.levers.filter((l) => l.main);
  const more = river.levers.filter((l) => !l.main);
  const place = id("levers");
  const open = place.querySelector("details")?.open ?? false;
  put(place,
    el("header", {}, el("h2", {}, say("Levers")), el("span", { class: "small quiet" }, say("a step more: million m³, million USD"))),
    failed("prices") ? el("p", { class: "small worse" }, say("What a step does was not found: {why}", { why: failed("prices") }), " ", el("button", { type: "button", class: "link", "data-key": "again-prices", onclick: again }, say("Ask again"))) : null,
    ...main.map(one),
    order(),
    more.length ? el("details", { open }, el("summary", { class: "small" }, say("{count} more levers", { count: more.length })), ...more.map((lever, k) => one(lever, main.length + k))) : null);
}

let reorder = () => {};
export const whenReordered = (act) => (reorder = act);

// Who is served first; moved by buttons, or by Alt and an arrow.
function order() {
  const names = state().order.length ? state().order : table.river.priorities.map((p) => p.name);
  if (names.length < 2) return null;
  const put = (from, to) => {
    if (to < 0 || to >= names.length) return;
    const next = [...names];
    next.splice(to, 0, ...next.splice(from, 1));
    reorder(next);
  };
  const item = (name, k) => {
    const title = table.river.priorities.find((p) => p.name === name)?.title ?? name;
    const step = (by, sign, label, off) => el("button", { type: "button", "data-key": `order-${name}-${by}`, disabled: off, "aria-label": label, onclick: () => put(k, k + by), onkeydown: (event) => {
      if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
        event.preventDefault();
        put(k, k + (event.key === "ArrowUp" ? -1 : 1));
      }
    } }, sign);
    return el("li", {}, el("span", {}, `${k + 1}. ${title}`), step(-1, "↑", say("{name}: earlier", { name: title }), k === 0), step(1, "↓", say("{name}: later", { name: title }), k === names.length - 1));
  };
  return el("div", { class: "lever" }, el("h3", {}, say("Who is served first")), el("ol", { class: "order" }, ...names.map(item)));
}
