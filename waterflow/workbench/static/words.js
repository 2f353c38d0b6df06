// Sentences in the language spoken, and figures as it writes them.
let words = {};
let language = "en";

export function speak(found, lang) {
  words = found;
  language = lang;
  document.documentElement.lang = lang;
}

export const spoken = () => language;

// A sentence, its parts in braces filled in.
export function say(sentence, parts = {}) {
  return (words[sentence] ?? sentence).replace(/\{(\w+)\}/g, (all, name) => (name in parts ? parts[name] : all));
}

// A sentence that is said later: it enters the catalogue and stands as it is.
export const mark = (sentence) => sentence;

const NARROW = "\u202f";

// A figure; minus is a minus sign, nothing has no sign.
export function number(value, digits = 0) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const shown = Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
  const text = new Intl.NumberFormat(language === "ru" ? "ru-RU" : "en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(shown);
  return text.replace(/-/g, "−").replace(/[\u00a0\u202f]/g, "\u00a0");
}

// A difference: with its sign.
export function change(value, digits = 0) {
  const text = number(value, digits);
  return value > 0 && !/^0([.,]0*)?$/.test(text) ? `+${text}` : text;
}

// What is printed of a difference: that of the figures as they are printed, which a reader may take from each other.
export const rounded = (value, digits = 0) => Number(value.toFixed(digits));
export const difference = (now, before, digits = 0) => change(rounded(now, digits) - rounded(before, digits), digits);

export const percent = (share) => (Number.isFinite(share) ? `${number(100 * share)}${NARROW}%` : "–");

// Money differences, as large as they are: a decimal below a hundred.
export const money = (value) => change(value, Math.abs(value) < 99.95 ? 1 : 0);

export const unit = { water: () => say("million m³"), flow: () => say("m³/s"), money: () => say("million USD"), power: () => say("GWh") };

// A month of a period, short: Oct, Nov...; a dekad has its number, a day and the first day of a week stand in front.
export function monthOf(label) {
  const [year, month, dekad] = label.split("-");
  if (dekad && !dekad.startsWith("d")) return `${parseInt(dekad, 10)} ${monthOf(`${year}-${month}`)}`;
  const name = new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-US", { month: "short", timeZone: "UTC" }).format(Date.UTC(+year, +month - 1, 1)).replace(".", "").slice(0, 3);
  return dekad ? `${name} ${dekad.slice(1)}` : name;
}

export function seasonWords(window) {
  const [from, to] = window.split("/");
  return `${monthOf(from.slice(0, 7))}–${monthOf(to.slice(0, 7))}`;
}

export const dayOf = (iso) => new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
