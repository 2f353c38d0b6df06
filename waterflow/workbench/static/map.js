// A map: places where they are, the ways of water straight between them, a graticule, a scale, and no borders.
import { Taken, label, short } from "./drawing.js";
import { gradeCalled } from "./answer.js";
import { el, svg } from "./dom.js";
import { listing } from "./listing.js";
import { mean, shown, table } from "./table.js";
import { number, say } from "./words.js";

const KM = 111.2; // a degree of latitude
const WIDEST = 9; // pixels

export const onMap = (river) => river.on_map.length > 1;

// Degrees to pixels: a degree of longitude is as much shorter as it is in the middle of the map.
function projected(places, width) {
  const [east, north] = ["longitude", "latitude"].map((axis) => places.map((p) => p[axis]));
  const [x0, x1, y0, y1] = [Math.min(...east) - 0.9, Math.max(...east) + 0.9, Math.min(...north) - 0.8, Math.max(...north) + 0.8];
  const narrow = Math.cos((((y0 + y1) / 2) * Math.PI) / 180);
  const scale = width / ((x1 - x0) * narrow);
  return { x: (lon) => (lon - x0) * narrow * scale, y: (lat) => (y1 - lat) * scale, height: Math.round((y1 - y0) * scale), edges: [x0, x1, y0, y1], kilometre: scale / KM };
}

export function mapView(width, open) {
  const { river } = table;
  const on = projected(river.on_map, width);
  const at = Object.fromEntries(river.on_map.map((p) => [p.place, [on.x(p.longitude), on.y(p.latitude)]]));
  const periods = shown();
  const flow = (reach) => mean(table.picture.flows[reach.name], periods, river);
  // where a place on the way has no position the line runs on to the next that has one
  const next = (name) => (at[name] || !name ? name : next(river.reaches.find((r) => r.start === name && !r.spillway)?.end));
  const drawn = river.reaches.map((r) => ({ ...r, end: at[r.start] ? next(r.end) : null })).filter((r) => r.end);
  const most = Math.max(1, ...drawn.map(flow));
  const taken = new Taken(width, on.height);
  const measure = bar(on, width);
  taken.add(measure.box);
  const lines = drawn.map((reach) => way(reach, at, (WIDEST * flow(reach)) / most, taken));
  const marks = river.nodes.filter((n) => at[n.name]).map((n) => place(n, at[n.name], taken, open));
  const parts = [...graticule(on, width, taken), ...lines, ...marks, measure.drawn, ...named(at, taken)];
  const missing = river.nodes.filter((n) => !at[n.name]).map((n) => short(n.title));
  return el("div", { class: "map" },
    svg("svg", { class: "drawing", viewBox: `0 0 ${width} ${on.height}`, width, height: on.height, role: "group", "aria-label": say("Map of the river: {title}. Every position is in the table.", { title: river.title }) }, ...parts),
    el("p", { class: "small quiet" }, say("No borders are drawn. Water runs straight from place to place; the widest line carries {flow} m³/s.", { flow: number(most) })),
    missing.length ? el("p", { class: "small quiet" }, say("Not on the map, since no source gives their position: {places}.", { places: missing.join(", ") })) : null,
    el("details", { open: table.open === "map" }, el("summary", { class: "small", "data-key": "table-map", onclick: () => (table.open = table.open === "map" ? "" : "map") }, say("Table behind the picture")), behind()));
}

function way(reach, at, width, taken) {
  const [[x0, y0], [x1, y1]] = [at[reach.start], at[reach.end]];
  const count = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / 5);
  for (let k = 0; k <= count; k++) {
    const [x, y] = [x0 + ((x1 - x0) * k) / (count || 1), y0 + ((y1 - y0) * k) / (count || 1)];
    taken.add([x - 3, y - 3, x + 3, y + 3]);
  }
  const path = `M${x0} ${y0}L${x1} ${y1}`;
  return svg("g", {}, svg("title", {}, reach.title), svg("path", { d: path, stroke: "var(--casing)", "stroke-width": Math.max(1, width) + 1.6, "stroke-linecap": "round" }), svg("path", { d: path, stroke: "var(--water)", "stroke-width": Math.max(1, width), "stroke-linecap": "round" }));
}

function place(node, [x, y], taken, open) {
  const tank = table.river.reservoirs.some((r) => r.name === node.name);
  const r = tank ? 6 : 3;
  taken.add([x - r - 2, y - r - 2, x + r + 2, y + r + 2]);
  if (!tank) return svg("circle", { cx: x, cy: y, r, fill: "var(--card)", stroke: "var(--ink)", "stroke-width": 1.2 }, svg("title", {}, node.title));
  const opened = (event) => {
    if (event.type === "click" || event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(node.name);
    }
  };
  const said = say("{title}: open the hydrograph", { title: node.title });
  return svg("g", { role: "button", tabindex: 0, "aria-label": said, "data-key": `tank-${node.name}`, onclick: opened, onkeydown: opened }, svg("title", {}, said),
    svg("circle", { cx: x, cy: y, r: 13, fill: "transparent" }), svg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, rx: 1.5, fill: "var(--deep)", stroke: "var(--card)", "stroke-width": 1.5 }));
}

function named(at, taken) {
  const { river } = table;
  const size = (n) => river.reservoirs.find((r) => r.name === n.name)?.full ?? 0;
  return river.nodes.filter((n) => at[n.name]).sort((a, b) => size(b) - size(a)).map((n) => {
    const title = short(n.title);
    const lines = title.split(" ");
    return label(taken, [title], beside(...at[n.name], 1), size(n) > 0) ?? (size(n) > 0 && lines.length > 1 ? label(taken, lines, beside(...at[n.name], lines.length), true) : null);
  }).filter(Boolean);
}

// Close by, or nowhere: on a map a name far from its place is the name of another.
function beside(x, y, lines) {
  const [up, middle] = [y - 14 - 15 * (lines - 1), y + 4 - 7 * (lines - 1)];
  return [[x + 10, middle, "start"], [x - 10, middle, "end"], [x, up, "middle"], [x, y + 22, "middle"], [x + 14, up, "end"], [x + 14, y + 22, "end"], [x - 14, up, "start"], [x - 14, y + 22, "start"], [x - 12, y - 6, "end"], [x + 12, y - 6, "start"]];
}

function graticule(on, width, taken) {
  const [x0, x1, y0, y1] = on.edges;
  const step = [1, 2, 5, 10].find((s) => (x1 - x0) / s <= width / 85) ?? 20;
  const parts = [];
  const each = (low, high) => Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, k) => (Math.ceil(low / step) + k) * step);
  const east = (v) => (v < 0 ? say("{degrees}° W", { degrees: number(-v) }) : say("{degrees}° E", { degrees: number(v) }));
  const north = (v) => (v < 0 ? say("{degrees}° S", { degrees: number(-v) }) : say("{degrees}° N", { degrees: number(v) }));
  const word = (text, x, y, anchor) => {
    taken.add([anchor === "middle" ? x - 26 : x, y - 11, anchor === "middle" ? x + 26 : x + 54, y + 3]);
    return svg("text", { x, y, "text-anchor": anchor, class: "place" }, text);
  };
  for (const lon of each(x0, x1)) {
    parts.push(svg("path", { d: `M${on.x(lon)} 0V${on.height}`, stroke: "var(--rule)" }));
    if (on.x(lon) > 60 && on.x(lon) < width - 20) parts.push(word(east(lon), on.x(lon), on.height - 4, "middle"));
  }
  for (const lat of each(y0, y1)) {
    parts.push(svg("path", { d: `M0 ${on.y(lat)}H${width}`, stroke: "var(--rule)" }));
    if (on.y(lat) > 14 && on.y(lat) < on.height - 20) parts.push(word(north(lat), 3, on.y(lat) - 4, "start"));
  }
  return parts;
}

// A round length, as long as it is in the middle of the map.
function bar(on, width) {
  const length = [10, 20, 50, 100, 200, 500, 1000].findLast((km) => km * on.kilometre <= width / 4) ?? 5;
  const long = length * on.kilometre;
  const [x, y] = [width - long - 14, 26];
  const drawn = svg("g", {}, svg("path", { d: `M${x} ${y - 5}v5h${long}v-5`, stroke: "var(--ink)", fill: "none", "stroke-width": 1.4 }), svg("text", { x: x + long / 2, y: y - 9, "text-anchor": "middle" }, say("{length} km", { length: number(length) })));
  return { drawn, box: [x - 4, 0, width, y + 4] };
}

function behind() {
  const { river } = table;
  const title = (name) => river.nodes.find((n) => n.name === name)?.title ?? name;
  const heads = [say("place"), say("degrees east"), say("degrees north"), say("grade"), say("source")];
  return listing(say("Positions"), heads, river.on_map.map((p) => [title(p.place), number(p.longitude, 2), number(p.latitude, 2), gradeCalled(p.grade), river.sources[p.source] ?? p.source]), { key: "map", id: "table-of-map" });
}
