// A Sankey: columns of bars and bands between them, one scale for all of them, every band a counted amount.
import { svg } from "./dom.js";
import { measured } from "./text.js";

const LINE = 14;
const BAR = 12;
const GAP = 5;

// Columns of nodes { key, label, value, shown, colour } and links { from, to, value, colour }; pixels a unit are chosen here.
export function sankey({ columns, links }, width, height, said) {
  const most = Math.max(...columns.map((column) => column.reduce((a, n) => a + n.value, 0)));
  const scale = most > 0 ? height / most : 0;
  // wide enough for the longest word, as long as half of the picture is left
  const words = [columns[0], columns[columns.length - 1]].flat().flatMap((n) => n.label.split(" "));
  const longest = Math.max(0, ...words.map((word) => measured(word, "400 12px"))) + 10;
  const side = Math.round(Math.min(width * 0.38, Math.max(longest, Math.min(190, width * 0.31))));
  const at = placed(columns, scale, width, side);
  const tall = at.height;
  const left = new Map();
  const taken = (key, node, value) => {
    const used = left.get(key) ?? 0;
    left.set(key, used + value * scale);
    return node.y + used;
  };
  const bands = links.filter((l) => l.value > 0).map((l) => {
    const [a, b] = [at.nodes.get(l.from), at.nodes.get(l.to)];
    return band(a.x + BAR, taken(`${l.from}>`, a, l.value), b.x, taken(`>${l.to}`, b, l.value), l.value * scale, l.colour, l.said);
  });
  const bars = [...at.nodes.values()].flatMap((n) => [
    svg("rect", { x: n.x, y: n.y, width: BAR, height: Math.max(0.75, n.value * scale), fill: n.colour }, svg("title", {}, `${n.label} ${n.shown}`)),
    svg("text", { "text-anchor": n.anchor }, ...n.lines.map((line, k) => svg("tspan", { x: n.labelX, y: n.labelY + LINE * k, class: k === n.lines.length - 1 ? "called" : "place" }, line))),
  ]);
  return { scale, drawn: svg("svg", { class: "drawing sankey", viewBox: `0 0 ${width} ${tall}`, width, height: tall, role: "img", "aria-label": said }, ...bands, ...bars) };
}

// Where every bar stands, and its words beside it: a small bar has as much room as its words need.
function placed(columns, scale, width, side) {
  const middle = (width - 2 * side) / Math.max(1, columns.length - 2) - 2 * BAR;
  const found = columns.map((column, k) => {
    const [first, last] = [k === 0, k === columns.length - 1];
    return column.map((n) => {
      const one = `${n.label} ${n.shown}`;
      // words between the outer ones keep clear of them
      const lines = first || last ? [...wrapped(n.label, side - 6), n.shown] : measured(one, "650 12px") <= middle ? [one] : [...wrapped(n.label, middle), n.shown];
      const words = LINE * lines.length;
      const bar = n.value * scale;
      return { ...n, lines, bar, room: first || last ? Math.max(bar, words) : bar + words + 4, first, last };
    });
  });
  const tall = (column) => column.reduce((a, n) => a + n.room + GAP, 0);
  const height = Math.ceil(Math.max(...found.map(tall))) + 4;
  const nodes = new Map();
  found.forEach((column, k) => {
    const spare = column.length > 1 ? Math.min(26, (height - tall(column)) / column.length) : 0;
    let y = 2 + (height - tall(column) - spare * (column.length - 1)) / 2;
    const x = side + ((width - 2 * side - BAR) * k) / (columns.length - 1);
    for (const n of column) {
      const outer = n.first || n.last;
      const words = LINE * n.lines.length;
      const top = outer ? y + (n.room - n.bar) / 2 : y + words + 2;
      nodes.set(n.key, {
        ...n, x, y: top, anchor: n.first ? "end" : n.last ? "start" : "middle",
        labelX: n.first ? x - 6 : n.last ? x + BAR + 6 : x + BAR / 2,
        labelY: outer ? y + (n.room - words) / 2 + 11 : y + 11,
      });
      y += n.room + GAP + spare;
    }
  });
  return { nodes, height };
}

function band(x0, y0, x1, y1, thick, colour, said) {
  const mid = (x0 + x1) / 2;
  const path = `M${x0} ${y0}C${mid} ${y0} ${mid} ${y1} ${x1} ${y1}v${thick}C${mid} ${y1 + thick} ${mid} ${y0 + thick} ${x0} ${y0 + thick}Z`;
  return svg("path", { d: path, fill: colour, class: "band" }, svg("title", {}, said));
}

// Words in as many lines as they need.
function wrapped(text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measured(longer, "400 12px") <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
