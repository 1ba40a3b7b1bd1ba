// Figure "softmax": three to five logits as one softmax with a temperature, and as sigmoids, each computed by itself.

import { bars } from "./parts/bars.js";
import { sigmoid, softmax, sum } from "./parts/numerics.js";
import { phrase, text } from "./parts/phrase.js";

const LOGITS = [0.5, 2.5, -1, 1.5, 0];

export const figure = {
  controls: [
    { name: "classes", choices: ["3", "4", "5"], value: "3" },
    ...LOGITS.map((value, i) => ({
      name: `z${i + 1}`,
      min: -6,
      max: 6,
      step: 0.1,
      value,
      shown: ({ classes }) => i < Number(classes),
    })),
    { name: "T", min: 0.1, max: 10, step: 0.1, value: 1 },
  ],

  legend: [
    { bar: "bar-1", word: "softmax" },
    { mark: "○", word: "plain" },
    { bar: "bar-2", word: "sigmoid" },
  ],

  measure(state) {
    const logits = LOGITS.map((_, i) => state[`z${i + 1}`]).slice(0, Number(state.classes));
    return {
      logits,
      temperature: state.T,
      shares: softmax(logits.map((z) => z / state.T)),
      plain: softmax(logits),
      separate: logits.map(sigmoid),
    };
  },

  draw(_, { logits, shares, plain, separate }, width, words) {
    const bar = (look, value, mark) => ({ parts: [{ look, value }], note: text(value, 3), mark });
    const rows = logits.map((_, i) => ({
      name: words.names[i],
      bars: [bar("bar-1", shares[i], plain[i]), bar("bar-2", separate[i])],
    }));
    return bars(width, rows, { to: 1, digits: 2, label: words.x_axis });
  },

  say({ shares, separate, temperature }, words) {
    const top = Math.max(...shares);
    const winners = words.names.filter((_, i) => shares[i] === top).join(", ");
    return [
      phrase(words.sums, { T: temperature, softmax: text(sum(shares), 3), sigmoid: text(sum(separate), 3) }),
      phrase(words.winner, { names: winners, share: text(top, 3) }),
    ].join(" ");
  },

  rows({ logits, shares, plain, separate }, words) {
    const rows = logits.map((z, i) => [words.names[i], z, shares[i], plain[i], separate[i]]);
    const sums = [words.sum, ...[logits, shares, plain, separate].map(sum)];
    return [...rows, sums].map(([name, z, ...p]) => [name, text(z, 2), ...p.map((value) => text(value, 4))]);
  },
};
