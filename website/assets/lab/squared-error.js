// Figure "squared-error": one example's loss over its logit, as cross-entropy and as the squared error of the sigmoid.

import { crossEntropy, sigmoid } from "./parts/numerics.js";
import { count, phrase, text } from "./parts/phrase.js";
import { plot } from "./parts/plot.js";

const Z_RANGE = { from: -10, to: 10 };
const LOSS_RANGE = { from: 0, to: 10 };
const TANGENT = 2.4; // how far it reaches to each side of the point, in logits

/** Sigmoid minus label, without losing digits where the two are almost equal. */
const gap = (z, y) => (y === 1 ? -sigmoid(-z) : sigmoid(z));

const BOTH = [
  { name: "cross", loss: crossEntropy, slope: gap },
  { name: "square", loss: (z, y) => gap(z, y) ** 2, slope: (z, y) => 2 * gap(z, y) * sigmoid(z) * sigmoid(-z) },
];

/** Steps of gradient descent, learning rate 1, until z is 0 or on the label's side of it. */
const stepsHome = (slope, z, y) => {
  let steps = 0;
  for (; y === 1 ? z < 0 : z > 0; steps++) z -= slope(z, y);
  return steps;
};

/** A slope with as many digits as it takes to see that it is not 0. */
const slopeText = (slope) => text(slope, slope !== 0 && Math.abs(slope) < 0.0095 ? 6 : 3);

export const figure = {
  controls: [
    { name: "z", min: -10, max: 10, step: 0.1, value: -6 },
    { name: "y", choices: ["1", "0"], value: "1" },
  ],

  legend: [
    { line: "series-1", word: "cross" },
    { line: "series-2", word: "square" },
    { line: "tangent", word: "tangent" },
  ],

  style: `
    .tangent { stroke: var(--ink); stroke-width: 3; }
  `,

  measure(state) {
    const { z } = state;
    const y = Number(state.y);
    return BOTH.map(({ name, loss, slope }) => ({
      name,
      loss: loss(z, y),
      slope: slope(z, y),
      steps: stepsHome(slope, z, y),
    }));
  },

  draw({ z, y }, measured, width, words) {
    const { drawing, add, curve, line, toX, toY } = plot(
      width,
      { ...Z_RANGE, ticks: [-10, -5, 0, 5, 10], digits: 0, label: phrase(words.x_axis, { y }) },
      { ...LOSS_RANGE, ticks: [0, 2, 4, 6, 8, 10], digits: 0, label: words.y_axis },
    );
    line(z, LOSS_RANGE.from, z, LOSS_RANGE.to, { class: "crossing" });
    BOTH.forEach(({ loss }, i) => curve((at) => loss(at, Number(y)), { class: `series-${i + 1}` }));
    for (const { loss, slope } of measured) {
      // the ends, kept inside the drawing
      const ends = [-TANGENT, TANGENT].map((reach) => {
        let step = Math.max(Z_RANGE.from - z, Math.min(Z_RANGE.to - z, reach));
        const top = loss + slope * step;
        const inside = Math.max(LOSS_RANGE.from, Math.min(LOSS_RANGE.to, top));
        if (top !== inside) step = (inside - loss) / slope;
        return [z + step, loss + slope * step];
      });
      line(...ends[0], ...ends[1], { class: "tangent" });
    }
    const [cross, square] = measured;
    add("circle", { class: "full", cx: toX(z), cy: toY(cross.loss), r: 5 });
    add("rect", { class: "full", x: toX(z) - 5, y: toY(square.loss) - 5, width: 10, height: 10 });
    // if the two are close together, the upper number moves up for the lower one
    const low = toY(square.loss) - 14;
    const high = Math.min(toY(cross.loss) - 4, low - 20);
    const side = toX(z) > width * 0.6 ? { x: toX(z) - 14, "text-anchor": "end" } : { x: toX(z) + 14 };
    add("text", { class: "halo", ...side, y: high }, phrase(words.slope, { slope: slopeText(cross.slope) }));
    add("text", { class: "halo", ...side, y: low }, phrase(words.slope, { slope: slopeText(square.slope) }));
    return drawing;
  },

  say([cross, square], words) {
    const ratio = cross.slope / square.slope;
    const times = ratio >= 1 ? words.larger : words.smaller;
    const by = Math.max(ratio, 1 / ratio);
    return [
      phrase(words.cross_result, { loss: text(cross.loss, 3), slope: slopeText(cross.slope) }),
      phrase(words.square_result, { loss: text(square.loss, 3), slope: slopeText(square.slope) }),
      phrase(times, { times: by < 10 ? text(by, 1) : count(Math.round(by)) }),
      cross.steps ? phrase(words.steps, { cross: count(cross.steps), square: count(square.steps) }) : words.home,
    ].join(" ");
  },

  rows(measured, words) {
    return measured.map(({ name, loss, slope, steps }) => [words[name], text(loss, 6), text(slope, 6), count(steps)]);
  },
};
