// Figure "overflow": one loss, ln(1 + e^z), computed in float32 in four ways, as the logit z of a wrong class grows.
//
// Two logits, z and 0; the true class is the second one. Every operation is rounded to float32.

import { phrase, text } from "./parts/phrase.js";
import { plot } from "./parts/plot.js";

const f = Math.fround;
const exp = (z) => f(Math.exp(z));
const ln = (x) => f(Math.log(x));
const LEAST = f(1e-7); // where Keras clips probabilities

// each returns the loss and its slope in z, as backpropagation gets it: factor by factor
const stable = (z) => {
  const small = exp(-z); // z > 0 is the largest logit, so it is subtracted first
  return { loss: f(z + f(Math.log1p(small))), slope: f(1 / f(1 + small)) };
};
const asWritten = (z) => {
  const large = exp(z);
  const total = f(large + 1);
  return { loss: ln(total), slope: f(f(1 / total) * large) };
};
const throughSigmoid = (z) => {
  const a = f(1 / f(1 + exp(-z)));
  const rest = f(1 - a);
  return { loss: -ln(rest), slope: f(f(1 / rest) * f(a * rest)) };
};
const clipped = (z) => {
  const small = exp(-z);
  const total = f(1 + small);
  const p = f(small / total);
  return p < LEAST ? { loss: -ln(LEAST), slope: 0 } : { loss: -ln(p), slope: f(f(1 / p) * f(p * f(1 / total))) };
};

const fails = ({ loss, slope }) => !Number.isFinite(loss) || !Number.isFinite(slope) || slope === 0;

/** The last z up to 1000 at which `way` has not failed yet. */
const lastGood = (way) => {
  let [good, bad] = [1, 1000];
  if (!fails(way(bad))) return bad;
  for (let middle = f(500); middle !== good && middle !== bad; middle = f((good + bad) / 2)) {
    if (fails(way(middle))) bad = middle;
    else good = middle;
  }
  return good;
};

const WAYS = [
  { name: "stable", way: stable, look: "series-wide" },
  { name: "written", way: asWritten, look: "series-1" },
  { name: "sigmoid", way: throughSigmoid, look: "series-2" },
  { name: "clipped", way: clipped, look: "series-3" },
].map((entry) => ({ ...entry, last: lastGood(entry.way) }));

// 200 steps by the same factor
const LOGARITHMIC = Array.from({ length: 201 }, (_, i) => Number((1000 ** (i / 200)).toPrecision(3)));
const POWERS = { from: 1, to: 1000, ticks: [1, 10, 100, 1000], digits: 0, log: true };

export const figure = {
  controls: [{ name: "z", min: 1, max: 1000, step: "any", values: LOGARITHMIC, free: true, value: 100 }],

  legend: WAYS.map(({ name, look, way }) => (way === stable ? { bar: "hollow", word: name } : { line: look, word: name })),

  style: `
    .series-wide { stroke: var(--ink); stroke-width: 10; }
    .series-inside { stroke: var(--paper); stroke-width: 7; }
  `,

  measure({ z }) {
    return { z, ways: WAYS.map(({ name, way, last }) => ({ name, last, ...way(f(z)) })) };
  },

  draw(_, { z, ways }, width, words) {
    const { drawing, add, curve, line, toX, toY } = plot(
      width,
      { ...POWERS, label: words.x_axis },
      { ...POWERS, label: words.y_axis },
    );
    line(z, 1, z, 1000, { class: "crossing" });
    for (const { way, look, last } of WAYS) {
      curve((at) => way(f(at)).loss, { class: look });
      if (way === stable) curve((at) => way(f(at)).loss, { class: "series-inside" }); // a tube around the others
      if (Number.isFinite(way(1000).loss)) continue;
      // beyond `last` the loss is infinite
      line(last, way(last).loss, last, 1000, { class: look });
      add("text", { class: "halo", x: toX(last) - 7, y: toY(650), "text-anchor": "end" }, "inf");
    }
    for (const { loss } of ways) {
      if (Number.isFinite(loss)) add("circle", { class: "full", cx: toX(z), cy: toY(loss), r: 4.5 });
    }
    add("text", { class: "halo", x: toX(990), y: toY(20), "text-anchor": "end" }, words.slope_zero);
    return drawing;
  },

  say({ z, ways }, words) {
    const [right, ...others] = ways;
    const result = ({ name, loss, slope }) =>
      phrase(name === "stable" ? words.right : words.result, { z, name: words[name], loss: text(loss, 3), slope: text(slope, 3) });
    const agree = others.every(({ loss }) => Math.abs(loss - right.loss) < 5e-4);
    const verdict = others.some(fails) ? "failed" : agree ? "none" : "digits";
    return [...ways.map(result), words[verdict]].join(" ");
  },

  rows({ ways }, words) {
    return ways.map(({ name, loss, slope, last }) => [
      words[name],
      text(loss, 4),
      text(slope, 4),
      last === 1000 ? words.never : text(last, 2),
    ]);
  },
};
