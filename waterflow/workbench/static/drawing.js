// The river as it is always drawn: flows by width, reservoirs by what they hold, users by what they get.
import { el, svg } from "./dom.js";
import { comparable, mean, partyOf, shown, table, total } from "./table.js";
import { measured } from "./text.js";
import { change, number, say } from "./words.js";

const FLOW = 23; // m3/s a pixel at full size
const FULL = 660;

// Boxes that are taken, so that words do not lie on each other.
export class Taken {
  constructor(width, height) {
    this.boxes = [];
    this.width = width;
    this.height = height;
  }
  add(box) {
    this.boxes.push(box);
    return box;
  }
  free([x0, y0, x1, y1]) {
    if (x0 < 1 || y0 < 1 || x1 > this.width - 1 || y1 > this.height - 1) return false;
    return !this.boxes.some(([a0, b0, a1, b1]) => x0 < a1 && a0 < x1 && y0 < b1 && b0 < y1);
  }
}

// Where words fit beside a place; null where they fit nowhere.
export function label(taken, lines, spots, bold) {
  const width = Math.max(...lines.map((line, k) => measured(line, `${bold && k === 0 ? 650 : 400} 12px`))) + 3;
  const height = 15 * lines.length;
  for (const [x, y, anchor] of spots) {
    const left = anchor === "end" ? x - width : anchor === "middle" ? x - width / 2 : x;
    const box = [left, y - 11, left + width, y - 11 + height];
    if (taken.free(box)) {
      taken.add(box);
      return svg("text", { "text-anchor": anchor, class: bold ? "" : "place" }, ...lines.map((line, k) => svg("tspan", { x, y: y + 15 * k, class: bold && k === 0 ? "called" : "" }, line)));
    }
  }
  return null;
}

function around(x, y, w, h) {
  return [
    [x + w + 5, y - 2, "start"], [x - w - 5, y - 2, "end"], [x, y - h - 21, "middle"], [x, y + h + 14, "middle"],
    [x + w + 5, y + h, "start"], [x - w - 5, y + h, "end"], [x + w + 5, y - h - 6, "start"], [x - w - 5, y - h - 6, "end"],
    [x + w + 18, y + h + 14, "start"], [x - w - 18, y + h + 14, "end"], [x, y + h + 30, "middle"], [x, y - h - 36, "middle"],
    [x + w + 24, y - 2, "start"], [x - w - 24, y - 2, "end"], [x - w - 5, y - h + 9, "end"], [x + w + 5, y - h + 9, "start"],
    [x + w + 12, y + h + 14, "end"], [x - w - 12, y + h + 14, "start"], [x + w + 12, y + h + 30, "end"],
  ];
}

export function drawing(width, open) {
  const { river, picture } = table;
  const pinned = comparable() ? table.pinned : null;
  const periods = shown();
  const height = Math.round(Math.max(330, Math.min(440, width * 0.56)));
  const scale = Math.min(1.15, Math.max(0.62, width / FULL));
  const [west, east, south, north] = [Math.min, Math.max].flatMap((end) => ["x", "y"].map((axis) => [end, axis])).sort((a, b) => a[1].localeCompare(b[1])).map(([end, axis]) => end(...river.nodes.map((n) => n[axis])));
  const at = Object.fromEntries(river.nodes.map((n) => [n.name, [40 + ((n.x - west) / (east - west || 1)) * (width - 90), 36 + ((north - n.y) / (north - south || 1)) * (height - 84)]]));
  const flow = (name, of = picture) => mean(of.flows[name], periods, river);
  const taken = new Taken(width, height);
  const tanks = new Set(river.reservoirs.map((r) => r.name));
  const lines = [];
  for (const reach of river.reaches) {
    const [x0, y0] = at[reach.start];
    const [x1, y1] = at[reach.end];
    const half = Math.max(2, (flow(reach.name) / FLOW) * scale * 0.5 + 1);
    const count = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / half);
    for (let k = 0; k <= count; k++) {
      const [x, y] = [x0 + ((x1 - x0) * k) / count, y0 + ((y1 - y0) * k) / count];
      taken.add([x - half, y - half, x + half, y + half]);
    }
    lines.push(...ways(reach, at, flow(reach.name), scale, pinned ? flow(reach.name, pinned.picture) : null));
  }
  const parts = [...lines];
  for (const r of river.reservoirs) parts.push(tank(r, at[r.name], taken, scale, periods, open));
  // what is named first has the best places: reservoirs, then users, then the rest
  const named = titles(at, taken, scale, periods);
  parts.push(...users(at, taken, scale, periods, tanks), ...named.parts);
  parts.push(...figures(at, taken, flow, pinned), ...places(at, taken));
  const said = say("The river: {title}. Flow widths, storages and users; every figure is in the table.", { title: river.title });
  // no name is lost: what fits nowhere beside its place stands below, by number
  const low = 16 * Math.ceil(named.below.length / Math.max(1, Math.floor(width / 300)));
  parts.push(...underneath(named.below, width, height));
  return svg("svg", { class: "drawing", "data-below": named.below.length, viewBox: `0 0 ${width} ${height + low}`, width, height: height + low, role: "group", "aria-label": said }, ...parts);
}

function ways(reach, at, flow, scale, before) {
  const [x0, y0] = at[reach.start];
  const [x1, y1] = at[reach.end];
  const path = `M${x0} ${y0}L${x1} ${y1}`;
  if (reach.spillway && flow < 1) return [svg("path", { d: path, stroke: "var(--edge)", "stroke-width": 1.2, "stroke-dasharray": "3 4", fill: "none" })];
  const width = Math.max(1.6, (flow / FLOW) * scale);
  const drawn = [
    svg("path", { d: path, stroke: "var(--casing)", "stroke-width": width + 2, "stroke-linecap": "round", fill: "none" }),
    svg("path", { d: path, stroke: "var(--water)", "stroke-width": width, "stroke-linecap": "round", fill: "none" }),
  ];
  if (before !== null && Math.abs(before - flow) > 1) {
    const old = Math.max(1.6, (before / FLOW) * scale);
    drawn.push(svg("path", { d: path, stroke: "var(--ink)", "stroke-width": 1, fill: "none", transform: `translate(${-((y1 - y0) / Math.hypot(x1 - x0, y1 - y0)) * (old / 2 + 1)} ${((x1 - x0) / Math.hypot(x1 - x0, y1 - y0)) * (old / 2 + 1)})` }));
  }
  return drawn;
}

const size = (r, scale) => [Math.max(9, Math.min(24, Math.sqrt(r.full) / 5)) * scale, Math.max(13, Math.min(22, Math.sqrt(r.full) / 6)) * scale];

export function held(name, periods, picture = table.picture) {
  return picture.reservoirs.find((r) => r.name === name).storage[periods[periods.length - 1]];
}

function tank(r, [x, y], taken, scale, periods, open) {
  const [w, h] = size(r, scale);
  taken.add([x - w - 6, y - h - 2, x + w + 8, y + h + 2]);
  const share = (value) => Math.max(0, Math.min(1, value / r.full));
  const stored = held(r.name, periods);
  const last = periods[periods.length - 1];
  const top = (value) => y + h - 2 * h * share(value);
  const title = table.river.nodes.find((n) => n.name === r.name).title;
  const parts = [
    svg("rect", { x: x - w, y: y - h, width: 2 * w, height: 2 * h, rx: 3, fill: "var(--card)", stroke: "var(--ink)", "stroke-width": 1.4 }),
    svg("rect", { x: x - w + 1.5, y: top(stored), width: 2 * w - 3, height: Math.max(0, y + h - 1.5 - top(stored)), fill: "var(--deep)" }),
    svg("rect", { x: x - w + 1.5, y: top(Math.min(r.lowest, stored)), width: 2 * w - 3, height: Math.max(0, y + h - 1.5 - top(Math.min(r.lowest, stored))), fill: "var(--edge)", opacity: 0.55 }),
  ];
  if (r.seen_low[last] !== null && r.seen_high[last] !== null) {
    const [a, b] = [top(r.seen_high[last]), top(r.seen_low[last])];
    parts.push(svg("path", { d: `M${x + w + 2} ${a}h4V${b}h-4`, fill: "none", stroke: "var(--ink)", "stroke-width": 1 }));
  }
  if (comparable()) {
    const before = top(held(r.name, periods, table.pinned.picture));
    parts.push(svg("path", { d: `M${x - w - 3} ${before}h${2 * w + 6}`, stroke: "var(--ink)", "stroke-width": 1.6 }));
  }
  const said = say("{title}: {stored} million m³ of {full}; open the hydrograph", { title, stored: number(stored), full: number(r.full) });
  const opened = (event) => {
    if (event.type === "click" || event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(r.name);
    }
  };
  return svg("g", { role: "button", tabindex: 0, "aria-label": said, "data-key": `tank-${r.name}`, onclick: opened, onkeydown: opened }, svg("title", {}, said), ...parts);
}

// Users as discs: area of what they get, a dashed ring for what they ask.
function users(at, taken, scale, periods, tanks) {
  const { river, picture } = table;
  const found = picture.users.map((u) => ({ ...u, want: total(u.asked, periods), have: total(u.got, periods) })).filter((u) => u.want > 1);
  const radius = (value) => Math.sqrt(Math.max(0, value)) * 0.19 * scale * Math.sqrt(12 / Math.max(6, (periods.length * 12) / river.periods.length));
  const parts = [];
  for (const u of found.sort((a, b) => b.want - a.want)) {
    const [x, y] = at[u.place];
    const r = Math.max(2.5, radius(u.want));
    const spot = place(x, y, r, taken, tanks.has(u.place) ? 40 : 22);
    if (!spot) continue;
    const [cx, cy] = spot;
    taken.add([cx - r - 2, cy - r - 2, cx + r + 2, cy + r + 2]);
    const k = river.parties.indexOf(u.party);
    const node = river.nodes.find((n) => n.name === u.place);
    const said = say("{party} at {place}: {have} of {want} million m³", { party: partyOf(u.party), place: node.title, have: number(u.have), want: number(u.want) });
    parts.push(
      svg("g", {}, svg("title", {}, said),
        svg("path", { d: `M${x} ${y}L${cx} ${cy}`, stroke: `var(--p${k % 6})`, "stroke-width": 1.2 }),
        svg("circle", { cx, cy, r, fill: "var(--card)", stroke: `var(--p${k % 6})`, "stroke-width": 1.2, "stroke-dasharray": u.have < u.want - 0.5 ? "2.5 2" : null }),
        svg("circle", { cx, cy, r: Math.min(r, radius(u.have)), fill: `var(--p${k % 6})` }),
        r > 15 ? svg("text", { x: cx, y: cy + 4, "text-anchor": "middle", style: "fill: var(--on-party); font-size: 11px; font-weight: 650" }, u.party) : null,
      ),
    );
  }
  return parts;
}

function place(x, y, r, taken, from) {
  for (let away = from + r; away < from + r + 90; away += 9) {
    for (let turn = 0; turn < 24; turn++) {
      const angle = (Math.PI / 12) * turn + 0.4;
      const [cx, cy] = [x + away * Math.cos(angle), y + away * Math.sin(angle)];
      if (taken.free([cx - r - 2, cy - r - 2, cx + r + 2, cy + r + 2])) return [cx, cy];
    }
  }
  return null;
}

// Names and storages of reservoirs; a name of several words may take several lines. What fits nowhere has a number, and stands below.
function titles(at, taken, scale, periods) {
  const { river } = table;
  const [parts, below] = [[], []];
  const ranked = [...river.reservoirs].sort((a, b) => b.full - a.full);
  for (const r of ranked) {
    const [x, y] = at[r.name];
    const [w, h] = size(r, scale);
    const node = river.nodes.find((n) => n.name === r.name);
    const stored = held(r.name, periods);
    const moved = comparable() ? stored - held(r.name, periods, table.pinned.picture) : 0;
    const figure = comparable() ? (Math.abs(moved) >= 0.5 ? [change(moved)] : []) : [number(stored)];
    const name = short(node.title);
    const spots = around(x, y, w + 6, h);
    const drawn = label(taken, [name, ...figure], spots, true) ?? label(taken, [...name.split(" "), ...figure], spots, true);
    if (drawn) parts.push(drawn);
    else {
      below.push([name, ...figure].join(" "));
      parts.push(svg("text", { x, y: y + 4, "text-anchor": "middle", class: "numbered" }, String(below.length)));
    }
  }
  return { parts: parts.filter(Boolean), below };
}

function underneath(names, width, height) {
  const columns = Math.max(1, Math.floor(width / 300));
  return names.map((name, k) => svg("text", { x: 6 + (k % columns) * (width / columns), y: height + 11 + 16 * Math.floor(k / columns) }, `${k + 1}: ${name}`));
}

function places(at, taken) {
  const { river, picture } = table;
  const parts = [];
  const lakes = new Set(picture.targets.map((t) => t.place));
  for (const n of river.nodes) {
    if (river.reservoirs.some((r) => r.name === n.name) || n.kind === "outlet") continue;
    const [x, y] = at[n.name];
    if (lakes.has(n.name) || table.river.nodes.length < 16 || river.users.some((u) => u.place === n.name)) parts.push(label(taken, [short(n.title)], around(x, y, 8, 8), false));
  }
  return parts.filter(Boolean);
}

// A name without what stands in brackets or after a comma.
export const short = (title) => title.replace(/\s*\(.*?\)/, "").replace(/,.*$/, "").replace(/ (reservoir|counter-regulator)$/, "").replace(/ское водохранилище$/, "ское вдхр.");

// Flows in figures on the ways that carry most; beside a pinned plan only what is different is a figure.
function figures(at, taken, flow, pinned) {
  const parts = [];
  const told = (reach) => (pinned ? flow(reach.name) - flow(reach.name, pinned.picture) : flow(reach.name));
  const ranked = table.river.reaches.filter((r) => pinned || !r.spillway).map((r) => [r, told(r)]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  for (const [reach, value] of ranked.slice(0, 14)) {
    if (Math.abs(value) < (pinned ? 0.5 : 1)) continue;
    const [x0, y0] = at[reach.start];
    const [x1, y1] = at[reach.end];
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const wide = (flow(reach.name) / FLOW) * 0.6 + 7;
    const drawn = label(taken, [pinned ? change(value) : number(value)], [[x + wide, y + 14, "start"], [x - wide, y - 4, "end"], [x + wide, y - 4, "start"], [x - wide, y + 14, "end"], [x, y - wide - 3, "middle"], [x, y + wide + 12, "middle"]], Boolean(pinned));
    if (drawn) parts.push(drawn);
  }
  return parts;
}

export function legend() {
  return el("div", { class: "legend" },
    comparable() ? el("span", {}, el("span", { class: "chip" }, el("b", {}, table.pinned.mark)), " ", say("black line: pinned; figures are differences to it")) : null,
    el("span", {}, svg("svg", { viewBox: "0 0 28 16", "aria-hidden": "true" }, svg("rect", { y: 4, width: 28, height: 8, fill: "var(--water)" })), say("width: flow, figures in m³/s")),
    el("span", {}, svg("svg", { viewBox: "0 0 28 16", "aria-hidden": "true" }, svg("rect", { x: 2, y: 1, width: 14, height: 14, rx: 2, fill: "var(--card)", stroke: "var(--ink)" }), svg("rect", { x: 3, y: 8, width: 12, height: 6, fill: "var(--deep)" }), svg("path", { d: "M19 3h4V12h-4", fill: "none", stroke: "var(--ink)" })), say("stored at the end, million m³; bracket: range seen")),
    el("span", {}, svg("svg", { viewBox: "0 0 28 16", "aria-hidden": "true" }, svg("circle", { cx: 9, cy: 8, r: 7, fill: "none", stroke: "var(--ink2)", "stroke-dasharray": "2.5 2" }), svg("circle", { cx: 9, cy: 8, r: 4, fill: "var(--ink2)" })), say("disc: water got; ring: asked")),
  );
}
