// Figure "gradient": three logits as probabilities, and the gradient p − y that pushes each of them.

import { svg } from "./parts/dom.js";
import { logitOfShare, logSoftmax, softmax, sum } from "./parts/numerics.js";
import { HEAD, ROW, THICK, barAt, panelStyle, panels, shareAt } from "./parts/panels.js";
import { phrase, text } from "./parts/phrase.js";

const NAMES = ["z0", "z1", "z2"];
const CLASSES = [0, 1, 2];
const HEIGHT = HEAD + ROW * NAMES.length + 34;
const SPACE = { left: 62, right: 56, gap: 16, height: HEIGHT };

export const figure = {
  controls: [
    ...[2, 1, 0.1].map((value, i) => ({ name: NAMES[i], min: -6, max: 6, step: 0.1, value })),
    { name: "true", choices: ["0", "1", "2"], value: "1" },
  ],

  legend: [
    { bar: "bar-1", word: "bar" },
    { bar: "bar-2", word: "label" },
  ],

  style: `${panelStyle}
    .label { fill: none; stroke: var(--two); stroke-width: 2; }
  `,

  measure(state) {
    const logits = NAMES.map((name) => state[name]);
    const truth = Number(state.true);
    const p = softmax(logits);
    const y = CLASSES.map((i) => Number(i === truth));
    return { logits, truth, p, y, push: p.map((share, i) => share - y[i]), loss: -logSoftmax(logits)[truth] };
  },

  drag: {
    /** The bar of a probability: those of the gradient follow from all three. */
    take: (x, y, width, { p }) => barAt(x, y, panels(width, SPACE)[0], p),
    to({ i, off }, x, width, { logits }) {
      const p = shareAt(x, off, panels(width, SPACE)[0]);
      return { [NAMES[i]]: Number(logitOfShare(p, i, logits).toFixed(2)) };
    },
  },

  draw(_, { p, y, push }, width, words) {
    const places = panels(width, SPACE);
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${places[1].y + HEIGHT}` });
    const add = (tag, attributes, ...children) => drawing.append(svg(tag, attributes, ...children));
    places.forEach(({ x, y: top, left, scale }, panel) => {
      const [from, to] = [[0, 1], [-1, 1]][panel];
      const toX = (value) => left + ((value - from) / (to - from)) * scale;
      const bottom = top + HEAD + ROW * NAMES.length;
      add("text", { class: "head", x, y: top + 17 }, words.heads[panel]);
      for (const tick of [from, (from + to) / 2, to]) {
        add("path", { class: tick ? "grid" : "axis", d: `M${toX(tick)} ${top + HEAD - 4}V${bottom}` });
        add("text", { x: toX(tick), y: bottom + 17, "text-anchor": "middle" }, text(tick, panel ? 0 : 1));
      }
      CLASSES.forEach((i) => {
        const middle = top + HEAD + ROW * i + ROW / 2;
        const value = panel ? push[i] : p[i];
        const [start, end] = [toX(Math.min(0, value)), toX(Math.max(0, value))];
        add("text", { x: left - 9, y: middle + 4.5, "text-anchor": "end" }, words.names[i]);
        add("rect", { class: "bar-1", x: start, y: middle - THICK / 2, width: end - start, height: THICK });
        if (!panel) {
          if (y[i]) add("rect", { class: "label", x: left, y: middle - THICK / 2 - 3, width: scale, height: THICK + 6 });
          add("circle", { class: "grip", cx: end, cy: middle, r: 6 });
          add("text", { class: "halo", x: end + 11, y: middle + 4.5 }, text(value, 2));
        } else {
          const note = `${value > 0 ? "+" : ""}${text(value, 2)}`;
          add("text", { x: left + scale + 8, y: middle + 4.5 }, note);
        }
      });
    });
    return drawing;
  },

  say({ p, truth, loss }, words) {
    const values = { loss: text(loss, 4), p: text(p[truth], 4), push: text(1 - p[truth], 2), name: words.names[truth] };
    return phrase(p[truth] > 0.99 ? `${words.loss} ${words.done}` : `${words.loss} ${words.push}`, values);
  },

  rows({ logits, p, y, push }, words) {
    const rows = CLASSES.map((i) => [words.names[i], logits[i], p[i], y[i], push[i]]);
    return [...rows, [words.sum, ...[logits, p, y, push].map(sum)]].map(([name, z, ...values]) => [
      name,
      text(z, 2),
      ...values.map((value) => text(value, 4)),
    ]);
  },
};
