// Figure "sigmoid": the curve of w and b over ten labelled points, and what it costs.

import { crossEntropy, mean, sigmoid, text } from "./numerics.js";
import { plot } from "./plot.js";

const X = [-3, -2.2, -1.5, -1, -0.3, 0.2, 0.8, 1.4, 2.1, 3];
const Y = [0, 0, 0, 1, 0, 1, 0, 1, 1, 1];
const RANGE = { from: -4, to: 4 };

export const sigmoidFigure = {
  controls: [
    { name: "w", min: -6, max: 6, step: 0.1, value: 1 },
    { name: "b", min: -6, max: 6, step: 0.1, value: 0 },
  ],

  legend: [
    { mark: "○", word: "zero" },
    { mark: "■", word: "one" },
    { mark: "✕", word: "wrong" },
  ],

  measure({ w, b }) {
    const points = X.map((x, i) => {
      const z = w * x + b;
      return { x, y: Y[i], p: sigmoid(z), loss: crossEntropy(z, Y[i]), right: z >= 0 === (Y[i] === 1) };
    });
    return {
      points,
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

  say({ crossing, loss, right, points }, words) {
    const where = crossing === null ? words.flat : words.crossing.replace("{x}", text(crossing, 2));
    const result = words.result
      .replace("{loss}", text(loss, 3))
      .replace("{right}", right)
      .replace("{all}", points.length);
    return `${where} ${result}`;
  },

  rows({ points }) {
    return points.map(({ x, y, p, loss }) => [text(x, 1), String(y), text(p, 3), text(loss, 3)]);
  },
};
