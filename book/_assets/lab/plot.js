// Two axes in an SVG that is as wide as the page allows, so that its text keeps its size on a phone.

import { svg } from "./dom.js";
import { text } from "./numerics.js";

const HEIGHT = 300;
const MARGIN = { left: 58, right: 14, top: 14, bottom: 44 };

/** `x` and `y` are {from, to, ticks, label}. Returns the drawing and what a figure needs to draw into it. */
export function plot(width, x, y) {
  const right = width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const toX = (value) => MARGIN.left + ((value - x.from) / (x.to - x.from)) * (right - MARGIN.left);
  const toY = (value) => bottom - ((value - y.from) / (y.to - y.from)) * (bottom - MARGIN.top);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" });
  const add = (tag, attributes, ...children) => drawing.append(svg(tag, attributes, ...children));

  for (const tick of y.ticks) {
    add("path", { class: "grid", d: `M${MARGIN.left} ${toY(tick)}H${right}` });
    add("text", { x: MARGIN.left - 7, y: toY(tick) + 4, "text-anchor": "end" }, text(tick, y.digits));
  }
  for (const tick of x.ticks) {
    add("text", { x: toX(tick), y: bottom + 18, "text-anchor": "middle" }, text(tick, x.digits));
  }
  add("path", { class: "axis", d: `M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}` });
  add("text", { x: (MARGIN.left + right) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, x.label);
  add("text", { transform: `translate(13 ${(MARGIN.top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, y.label);

  const curve = (f, attributes) => {
    const points = Array.from({ length: 201 }, (_, i) => x.from + ((x.to - x.from) * i) / 200);
    add("path", { ...attributes, d: "M" + points.map((v) => `${toX(v).toFixed(1)} ${toY(f(v)).toFixed(1)}`).join("L") });
  };
  const line = (x1, y1, x2, y2, attributes) =>
    add("path", { ...attributes, d: `M${toX(x1)} ${toY(y1)}L${toX(x2)} ${toY(y2)}` });
  return { drawing, add, curve, line, toX, toY };
}
