// Figure "cross-entropy": what a prediction costs under a label, taken apart in two ways.

import { bars } from "./parts/bars.js";
import { html } from "./parts/dom.js";
import { logSoftmax, sum, times } from "./parts/numerics.js";
import { phrase, text } from "./parts/phrase.js";

const PREDICTION = [-0.9, 0, -0.5];
const LABEL = [7, 2, 1];
const CLASSES = [0, 1, 2];

const labelOf = (state) => {
  if (state.label === "soft") {
    const weights = CLASSES.map((i) => state[`v${i + 1}`]);
    const total = sum(weights);
    return weights.map((weight) => (total ? weight / total : 1 / weights.length));
  }
  const epsilon = state.label === "smoothed" ? state.epsilon : 0;
  return CLASSES.map((i) => (1 - epsilon) * (i + 1 === Number(state.class)) + epsilon / CLASSES.length);
};

export const figure = {
  controls: [
    { name: "label", choices: ["one_hot", "smoothed", "soft"], value: "soft" },
    { name: "class", choices: ["1", "2", "3"], value: "1", shown: ({ label }) => label !== "soft" },
    { name: "epsilon", min: 0, max: 1, step: 0.01, value: 0.1, shown: ({ label }) => label === "smoothed" },
    ...CLASSES.flatMap((i) => [
      { name: `v${i + 1}`, min: 0, max: 10, step: 0.1, value: LABEL[i], shown: ({ label }) => label === "soft" },
      { name: `z${i + 1}`, min: -6, max: 6, step: 0.1, value: PREDICTION[i] },
    ]),
  ],

  legend: [
    { bar: "bar-1", word: "label_bar" },
    { bar: "bar-2", word: "prediction_bar" },
    { bar: "bar-3", word: "entropy_bar" },
    { bar: "bar-4", word: "divergence_bar" },
    { bar: "bar-5", word: "shares_bar" },
  ],

  measure(state) {
    const y = labelOf(state);
    const logs = logSoftmax(CLASSES.map((i) => state[`z${i + 1}`]));
    const shares = y.map((value, i) => -times(value, logs[i]));
    const entropy = -sum(y.map((value) => times(value, Math.log(value))));
    const loss = sum(shares);
    return { y, p: logs.map(Math.exp), shares, loss, entropy, divergence: Math.max(0, loss - entropy) };
  },

  draw(_, { y, p, shares, loss, entropy, divergence }, width, words) {
    const bar = (look, value) => ({ parts: [{ look, value }], note: text(value, 3) });
    const above = bars(
      width,
      CLASSES.map((i) => ({ name: words.names[i], bars: [bar("bar-1", y[i]), bar("bar-2", p[i])] })),
      { to: 1, digits: 2, label: words.x_axis },
    );
    const part = (look, value, word) => ({ look, value, name: `${word} ${text(value, 2)}` });
    const note = text(loss, 3);
    const to = [2, 4, 8, 16].find((end) => end >= loss);
    const below = bars(
      width,
      [
        { name: words.whole, bars: [{ parts: [part("bar-3", entropy, "H"), part("bar-4", divergence, "KL")], note }] },
        { name: words.parts, bars: [{ parts: CLASSES.map((i) => part("bar-5", shares[i], words.names[i])), note }] },
      ],
      { to, digits: to === 2 ? 1 : 0, label: words.loss_axis },
    );
    return html("div", {}, above, below);
  },

  say({ loss, entropy, divergence }, words) {
    const numbers = { loss: text(loss, 3), entropy: text(entropy, 3), divergence: text(divergence, 3) };
    const least = divergence < 5e-4 ? words.least : entropy < 5e-4 ? words.no_floor : words.floor;
    return `${phrase(words.result, numbers)} ${phrase(least, numbers)}`;
  },

  rows({ y, p, shares, loss }, words) {
    const rows = CLASSES.map((i) => [words.names[i], text(y[i], 4), text(p[i], 4), text(shares[i], 4)]);
    return [...rows, [words.sum, text(sum(y), 4), text(sum(p), 4), text(loss, 4)]];
  },
};
