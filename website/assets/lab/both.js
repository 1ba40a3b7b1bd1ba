// Figure "both": the same three logits through a sigmoid each, and through one softmax, side by side.

import { svg } from "./parts/dom.js";
import { logitOfShare, sigmoid, softmax, sum } from "./parts/numerics.js";
import { phrase, text } from "./parts/phrase.js";

const NAMES = ["z1", "z2", "z3"];
const LIMIT = 6; // of a logit, in both directions
const [LEFT, RIGHT, GAP] = [46, 52, 28]; // the space for names, for numbers, and between the panels
const [HEAD, ROW, BAR] = [34, 34, 22];
const HEIGHT = HEAD + ROW * (NAMES.length + 1) + 26;
const MOST = NAMES.length; // the sigmoids add up to no more

/** Where the two panels are: beside each other, or on a phone one below the other. */
const panels = (width) => {
  const beside = width >= 520;
  const wide = beside ? (width - GAP) / 2 : width;
  return [0, 1].map((i) => {
    const [x, y] = beside ? [i * (wide + GAP), 0] : [0, i * HEIGHT];
    return { x, y, wide, left: x + LEFT, scale: wide - LEFT - RIGHT };
  });
};

export const figure = {
  controls: [3, 2.5, -3].map((value, i) => ({ name: NAMES[i], min: -LIMIT, max: LIMIT, step: 0.1, value })),

  presets: [
    { word: "two", state: { z1: 3, z2: 2.5, z3: -3 } },
    { word: "one", state: { z1: 3, z2: -1, z3: -2 } },
    { word: "none", state: { z1: -2, z2: -3, z3: -4 } },
  ],

  style: `
    .head { font-weight: 650; font-size: 14px; } .total { font-weight: 650; }
    .part { stroke: var(--paper); stroke-width: 1.5; }
    .part-0 { fill: var(--one); } .part-1 { fill: var(--two); } .part-2 { fill: var(--three); }
    .grip { fill: var(--paper); stroke: var(--ink); stroke-width: 2; }
    .whole { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 3; }
  `,

  measure(state) {
    const logits = NAMES.map((name) => state[name]);
    return { logits, shown: [logits.map(sigmoid), softmax(logits)] };
  },

  drag: {
    /** The bar at this point, and how far the point is from the bar's end: {panel, i, off}; null where none is. */
    take(x, y, width, { shown }) {
      for (const [panel, { x: from, y: top, wide, left, scale }] of panels(width).entries()) {
        const i = Math.floor((y - top - HEAD) / ROW);
        if (x < from || x > from + wide || i < 0 || i >= NAMES.length) continue;
        const end = left + shown[panel][i] * scale;
        if (x > left - 12 && x < end + 22) return { panel, i, off: x - end };
      }
      return null;
    },
    /** The state after the bar's end was drawn to x. */
    to({ panel, i, off }, x, width, { logits }) {
      const { left, scale } = panels(width)[panel];
      const p = Math.min(0.999, Math.max(0.001, (x - off - left) / scale));
      const logit = panel === 0 ? Math.log(p / (1 - p)) : logitOfShare(p, i, logits);
      return { [NAMES[i]]: Number(logit.toFixed(2)) };
    },
  },

  draw(_, { shown }, width, words) {
    const places = panels(width);
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
        add("rect", { class: `part-${i}`, x: left, y: middle - BAR / 2, width: p * scale, height: BAR });
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
        add("rect", { class: `part part-${i}`, x: start, y: total - BAR / 2, width: end - start, height: BAR });
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
