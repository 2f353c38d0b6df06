// How wide words are.
const context = document.createElement("canvas").getContext("2d");
let family = "";

export function measured(text, font) {
  family ||= getComputedStyle(document.documentElement).fontFamily;
  context.font = `${font} ${family}`;
  return context.measureText(text).width;
}
