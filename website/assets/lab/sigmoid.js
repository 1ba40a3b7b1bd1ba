// Figure "sigmoid": the curve of w and b over ten labelled points, and what it costs.

import { crossEntropy, mean, sigmoid } from "./parts/numerics.js";
import { count, phrase, text } from "./parts/phrase.js";
import { plot } from "./parts/plot.js";

const X = [-3, -2.2, -1.5, -1, -0.3, 0.2, 0.8, 1.4, 2.1, 3];
const Y = [0, 0, 0, 1, 0, 1, 0, 1, 1, 1];
const RANGE = { from: -4, to: 4 };
const RATE = 0.5;
const FLAT = 1e-4; // a gradient this small in both directions no longer changes the third decimal of the loss

/** The gradient of the mean cross-entropy in w and b. */
const slopes = ({ w, b }) => {
  const gaps = X.map((x, i) => sigmoid(w * x + b) - Y[i]);
  return { w: mean(gaps.map((gap, i) => gap * X[i])), b: mean(gaps) };
};

export const figure = {
  controls: [
    { name: "w", min: -6, max: 6, step: 0.1, value: 1 },
    { name: "b", min: -6, max: 6, step: 0.1, value: 0 },
  ],

  legend: [
    { mark: "○", word: "zero" },
    { mark: "■", word: "one" },
    { mark: "✕", word: "wrong" },
  ],

  style: `
    .gap { stroke: var(--soft); stroke-width: 1; }
    .wrong { fill: none; stroke: var(--two); stroke-width: 2.5; }
  `,

  actions: [
    { word: "one_step", steps: 1 },
    { word: "ten_steps", steps: 10 },
    { word: "hundred_steps", steps: 100 },
  ],

  /** Gradient descent from where the sliders are, rounded so that the number fields show the exact values. */
  act({ w, b }, steps) {
    for (let step = 0; step < steps; step++) {
      const slope = slopes({ w, b });
      w -= RATE * slope.w;
      b -= RATE * slope.b;
    }
    return { w: Number(w.toFixed(4)), b: Number(b.toFixed(4)) };
  },

  measure({ w, b }) {
    const slope = slopes({ w, b });
    const points = X.map((x, i) => {
      const z = w * x + b;
      return { x, y: Y[i], p: sigmoid(z), loss: crossEntropy(z, Y[i]), right: z >= 0 === (Y[i] === 1) };
    });
    return {
      points,
      converged: Math.max(Math.abs(slope.w), Math.abs(slope.b)) < FLAT,
      crossing: w === 0 ? null : -b / w,
      loss: mean(points.map((point) => point.loss)),
      right: points.filter((point) => point.right).length,
    };
  },

  draw({ w, b }, { points, crossing }, width, words) {
    const ticks = width < 420 ? [-4, -2, 0, 2, 4] : [-4, -3, -2, -1, 0, 1, 2, 3, 4];
    const { drawing, add, curve, line, toX, toY } = plot(
      width,
      { ...RANGE, ticks, digits: 0, label: words.x_axis },
      { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], digits: 2, label: words.y_axis },
    );
    for (const { x, y, p } of points) line(x, y, x, p, { class: "gap" });
    curve((x) => sigmoid(w * x + b), { class: "series-1" });
    if (crossing !== null && crossing >= RANGE.from && crossing <= RANGE.to) {
      line(crossing, 0, crossing, 1, { class: "crossing" });
    }
    for (const { x, y, right } of points) {
      const [cx, cy] = [toX(x), toY(y)];
      if (y === 0) add("circle", { class: "hollow", cx, cy, r: 6 });
      else add("rect", { class: "full", x: cx - 5.5, y: cy - 5.5, width: 11, height: 11 });
      if (!right) add("path", { class: "wrong", d: `M${cx - 9} ${cy - 9}l18 18m0 -18l-18 18` });
    }
    return drawing;
  },

  say({ crossing, converged, loss, right, points }, words, done) {
    return [
      done ? phrase(done === 1 ? words.did_one : words.did, { steps: count(done) }) : "",
      converged ? words.converged : "",
      crossing === null ? words.flat : phrase(words.crossing, { x: text(crossing, 2) }),
      phrase(words.result, { loss: text(loss, 3), right, all: points.length }),
    ].filter(Boolean).join(" ");
  },

  rows({ points }) {
    return points.map(({ x, y, p, loss }) => [text(x, 1), y, text(p, 3), text(loss, 3)]);
  },
};
