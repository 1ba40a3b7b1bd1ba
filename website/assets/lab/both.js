// Figure "both": the same three logits through a sigmoid each, and through one softmax, side by side.

import { svg } from "./parts/dom.js";
import { logitOfShare, sigmoid, softmax, sum } from "./parts/numerics.js";
import { HEAD, ROW, THICK, barAt, panelStyle, panels, shareAt } from "./parts/panels.js";
import { phrase, text } from "./parts/phrase.js";

const NAMES = ["z1", "z2", "z3"];
const HEIGHT = HEAD + ROW * (NAMES.length + 1) + 26;
const MOST = NAMES.length; // the sigmoids add up to no more

const SPACE = { left: 46, right: 52, gap: 28, height: HEIGHT };

export const figure = {
  controls: [3, 2.5, -3].map((value, i) => ({ name: NAMES[i], min: -6, max: 6, step: 0.1, value })),

  presets: [
    { word: "two", state: { z1: 3, z2: 2.5, z3: -3 } },
    { word: "one", state: { z1: 3, z2: -1, z3: -2 } },
    { word: "none", state: { z1: -2, z2: -3, z3: -4 } },
  ],

  style: `${panelStyle}
    .total { font-weight: 650; }
    .part { stroke: var(--paper); stroke-width: 1.5; }
    .part-0 { fill: var(--one); } .part-1 { fill: var(--two); } .part-2 { fill: var(--three); }
    .whole { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 3; }
  `,

  measure(state) {
    const logits = NAMES.map((name) => state[name]);
    return { logits, shown: [logits.map(sigmoid), softmax(logits)] };
  },

  drag: {
    /** The bar at this point, and how far the point is from the bar's end: {panel, i, off}; null where none is. */
    take(x, y, width, { shown }) {
      for (const [panel, place] of panels(width, SPACE).entries()) {
        const bar = barAt(x, y, place, shown[panel]);
        if (bar) return { panel, ...bar };
      }
      return null;
    },
    /** The state after the bar's end was drawn to x. */
    to({ panel, i, off }, x, width, { logits }) {
      const p = shareAt(x, off, panels(width, SPACE)[panel]);
      const logit = panel === 0 ? Math.log(p / (1 - p)) : logitOfShare(p, i, logits);
      return { [NAMES[i]]: Number(logit.toFixed(2)) };
    },
  },

  draw(_, { shown }, width, words) {
    const places = panels(width, SPACE);
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${places[1].y + HEIGHT}` });
    const add = (tag, attributes, ...children) => drawing.append(svg(tag, attributes, ...children));
    places.forEach(({ x, y, left, scale }, panel) => {
      const toX = (p) => left + p * scale;
      const bottom = y + HEAD + ROW * NAMES.length;
      add("text", { class: "head", x, y: y + 17 }, words.heads[panel]);
      for (const tick of [0, 0.5, 1]) {
        add("path", { class: tick ? "grid" : "axis", d: `M${toX(tick)} ${y + HEAD - 4}V${bottom}` });
      }
      shown[panel].forEach((p, i) => {
        const middle = y + HEAD + ROW * i + ROW / 2;
        add("text", { x: left - 9, y: middle + 4.5, "text-anchor": "end" }, words.names[i]);
        add("rect", { class: `part-${i}`, x: left, y: middle - THICK / 2, width: p * scale, height: THICK });
        add("circle", { class: "grip", cx: toX(p), cy: middle, r: 6 });
        add("text", { x: toX(p) + 12, y: middle + 4.5 }, text(p, 3));
      });
      // the total has a scale of its own, on which 1 is a third
      const total = bottom + 8 + ROW / 2;
      const toTotal = (p) => left + (p / MOST) * scale;
      add("text", { class: "total", x: left - 9, y: total + 4.5, "text-anchor": "end" }, words.total);
      let before = 0;
      shown[panel].forEach((p, i) => {
        const [start, end] = [toTotal(before), toTotal(before + p)];
        add("rect", { class: `part part-${i}`, x: start, y: total - THICK / 2, width: end - start, height: THICK });
        before += p;
      });
      add("path", { class: "whole", d: `M${toTotal(1)} ${total - 16}V${total + 16}` });
      add("text", { class: "total", x: Math.max(toTotal(before), toTotal(1)) + 8, y: total + 4.5 }, text(before, 3));
      add("text", { x: toTotal(1), y: total + 29, "text-anchor": "middle" }, "1");
    });
    return drawing;
  },

  say({ shown: [separate, shares] }, words) {
    const yes = separate.filter((p) => p > 0.5).length;
    const top = Math.max(...shares);
    const values = {
      sum: text(sum(separate), 3),
      shares: text(sum(shares), 3),
      name: words.names[shares.indexOf(top)],
      share: text(top, 3),
    };
    return phrase(`${words[["yes_none", "yes_one"][yes] ?? "yes_several"]} ${words.sums}`, values);
  },

  rows({ logits, shown }, words) {
    const rows = logits.map((z, i) => [words.names[i], z, shown[0][i], shown[1][i]]);
    const sums = [words.total, ...[logits, ...shown].map(sum)];
    return [...rows, sums].map(([name, z, ...p]) => [name, text(z, 2), ...p.map((value) => text(value, 4))]);
  },
};
