// Horizontal bars, which leave space for names and numbers even on a phone.

import { svg } from "./dom.js";
import { text } from "./phrase.js";

const BAR = 18;
const GAP = 12;
const [LEFT, RIGHT] = [62, 50]; // the space for names and for notes

/**
 * `rows` is a list of {name, bars}, and a bar is {parts: [{value, look, name}], note, mark}. Its parts follow
 * one another along the bar. A circle is drawn at `mark`, and the note at the end of the bar, or after the circle if the
 * two would touch.
 * `axis` is {to, digits, label}, with a tick at each quarter.
 * Returns the drawing.
 */
export function bars(width, rows, axis) {
  const toX = (value) => LEFT + (value / axis.to) * (width - LEFT - RIGHT);
  let bottom = GAP;
  for (const row of rows) bottom += row.bars.length * BAR + GAP;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${bottom + 42}` });
  const add = (tag, attributes, ...children) => drawing.append(svg(tag, attributes, ...children));

  for (const quarter of [0, 1, 2, 3, 4]) {
    const tick = (quarter / 4) * axis.to;
    add("path", { class: "grid", d: `M${toX(tick)} ${GAP / 2}V${bottom}` });
    add("text", { x: toX(tick), y: bottom + 17, "text-anchor": "middle" }, text(tick, axis.digits));
  }
  add("text", { x: (LEFT + width - RIGHT) / 2, y: bottom + 36, "text-anchor": "middle" }, axis.label);
  let top = GAP;
  for (const row of rows) {
    add("text", { x: LEFT - 8, y: top + (row.bars.length * BAR) / 2 + 4.5, "text-anchor": "end" }, row.name);
    for (const { parts, note, mark = 0 } of row.bars) {
      let before = 0;
      for (const { value, look, name } of parts) {
        const [start, end] = [toX(before), toX(before + value)];
        add("rect", { class: look, x: start, y: top + 1, width: end - start, height: BAR - 2 });
        if (name && end - start > 8 * name.length + 6) {
          add("text", { class: `on-${look}`, x: (start + end) / 2, y: top + BAR / 2 + 4.5, "text-anchor": "middle" }, name);
        }
        before += value;
      }
      const [end, ring] = [toX(before), toX(mark)];
      if (mark) add("circle", { class: "hollow", cx: ring, cy: top + BAR / 2, r: 5 });
      add("text", { x: (end + RIGHT < ring ? end : Math.max(ring, end)) + 9, y: top + BAR / 2 + 4.5 }, note);
      top += BAR;
    }
    top += GAP;
  }
  add("path", { class: "axis", d: `M${LEFT} ${GAP / 2}V${bottom}` });
  return drawing;
}
