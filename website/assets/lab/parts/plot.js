// Two axes in an SVG that is as wide as the page allows, so that its text keeps its size on a phone.

import { svg } from "./dom.js";
import { text } from "./phrase.js";

const MARGIN = { left: 62, right: 18, top: 14, bottom: 44, unnamed: 24 };

/** `x` and `y` are {from, to, ticks, digits, label, log}. Returns the drawing and what a figure needs to draw into it. */
export function plot(width, x, y, height = 300) {
  const right = width - MARGIN.right;
  const bottom = height - (x.label ? MARGIN.bottom : MARGIN.unnamed);
  const part = ({ from, to, log }, value) =>
    log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  const toX = (value) => MARGIN.left + part(x, value) * (right - MARGIN.left);
  const toY = (value) => bottom - part(y, value) * (bottom - MARGIN.top);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  const add = (tag, attributes, ...children) => drawing.append(svg(tag, attributes, ...children));

  for (const tick of y.ticks) {
    add("path", { class: "grid", d: `M${MARGIN.left} ${toY(tick)}H${right}` });
    add("text", { x: MARGIN.left - 7, y: toY(tick) + 4, "text-anchor": "end" }, text(tick, y.digits));
  }
  for (const tick of x.ticks) {
    add("text", { x: toX(tick), y: bottom + 18, "text-anchor": "middle" }, text(tick, x.digits));
  }
  add("path", { class: "axis", d: `M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}` });
  add("text", { x: (MARGIN.left + right) / 2, y: height - 6, "text-anchor": "middle" }, x.label);
  add("text", { transform: `translate(12 ${(MARGIN.top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, y.label);

  /** The curve of f from `from` to `to`; where f has no finite value there is none. */
  const curve = (f, attributes, from = x.from, to = x.to) => {
    const at = (share) => (x.log ? from * (to / from) ** share : from + (to - from) * share);
    const points = Array.from({ length: 201 }, (_, i) => [at(i / 200), f(at(i / 200))]);
    const path = points.filter(([, v]) => Number.isFinite(v)).map(([u, v]) => `${toX(u).toFixed(1)} ${toY(v).toFixed(1)}`);
    add("path", { ...attributes, d: "M" + path.join("L") });
  };
  const line = (x1, y1, x2, y2, attributes) =>
    add("path", { ...attributes, d: `M${toX(x1)} ${toY(y1)}L${toX(x2)} ${toY(y2)}` });
  return { drawing, add, curve, line, toX, toY };
}
