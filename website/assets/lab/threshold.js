// Figure "threshold": how sure a model must be before it answers, and whether its confidence is as good as it says.
//
// The attribute `data` of the element holds a test set, counted by the confidence of the predicted class:
// {edges (n + 1), temperatures (k), count, right, confidence (k lists of n each, the last one sums), nll (k)}.

import { nearest } from "./parts/controls.js";
import { html } from "./parts/dom.js";
import { sum } from "./parts/numerics.js";
import { count, phrase, text } from "./parts/phrase.js";
import { plot } from "./parts/plot.js";

const EDGES = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], digits: 2 };

const finite = (list, length) => list.length === length && list.every(Number.isFinite);

/** Whether `data` has the form that is described above. */
const usable = (data) => {
  try {
    const [n, k] = [data.edges.length - 1, data.temperatures.length];
    return (
      Math.min(n, k) > 0 &&
      finite(data.edges, n + 1) &&
      [data.temperatures, data.nll].every((list) => finite(list, k)) &&
      [data.count, data.right, data.confidence].every((rows) => rows.length === k && rows.every((row) => finite(row, n)))
    );
  } catch {
    return false; // something is missing, or is not a list
  }
};

export function figure(data) {
  if (!usable(data)) return null;
  const { edges, temperatures } = data;
  const bounds = edges.slice(0, -1);
  const quantity = (name, values, value) => ({
    name,
    values,
    value: nearest(values, value),
    min: values[0],
    max: values.at(-1),
    step: values.length > 1 ? Number((values[1] - values[0]).toFixed(6)) : "any",
  });

  return {
    controls: [quantity("threshold", bounds, 0.8), quantity("T", temperatures, 1)],

    legend: [
      { bar: "bar-1", word: "answered" },
      { bar: "bar-faded", word: "declined" },
      { line: "diagonal", word: "calibrated" },
    ],

    style: `
      .bar-faded { fill: var(--paper); stroke: var(--soft); stroke-dasharray: 3 2; }
      .bar-edge { stroke: var(--ink); stroke-width: 2; }
      .diagonal { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 5 4; }
      .diagonal-edge { stroke: var(--paper); stroke-width: 5; }
    `,

    measure({ threshold, T }) {
      const k = temperatures.indexOf(T);
      const bins = bounds.map((from, i) => ({
        from,
        to: edges[i + 1],
        count: data.count[k][i],
        right: data.right[k][i],
        confidence: data.confidence[k][i],
        answered: from >= threshold,
      }));
      const total = (key, of = bins) => sum(of.map((bin) => bin[key]));
      const answered = bins.filter((bin) => bin.answered);
      return {
        bins,
        threshold,
        T,
        nll: data.nll[k],
        all: total("count"),
        answered: total("count", answered),
        accuracy: total("right") / total("count"),
        answeredAccuracy: total("right", answered) / total("count", answered),
        error: sum(bins.map((bin) => Math.abs(bin.right - bin.confidence))) / total("count"),
      };
    },

    draw(_, { bins, threshold }, width, words) {
      const diagram = plot(width, { ...EDGES, label: "" }, { ...EDGES, label: words.y_axis }, 250);
      const most = Math.max(...bins.map((bin) => bin.count));
      const counts = plot(
        width,
        { ...EDGES, label: words.x_axis },
        { from: 0, to: most || 1, ticks: [0, most], digits: 0, label: words.count_axis },
        120,
      );
      const bar = ({ add, toX, toY }, { from, to, answered }, value) =>
        add("rect", {
          class: answered ? "bar-1" : "bar-faded",
          x: toX(from) + 1,
          y: toY(value),
          width: toX(to) - toX(from) - 2,
          height: toY(0) - toY(value),
        });
      for (const bin of bins.filter((some) => some.count)) {
        bar(diagram, bin, bin.right / bin.count);
        bar(counts, bin, bin.count);
      }
      diagram.line(0, 0, 1, 1, { class: "diagonal-edge" });
      diagram.line(0, 0, 1, 1, { class: "diagonal" });
      for (const chart of [diagram, counts]) chart.line(threshold, 0, threshold, chart === counts ? most : 1, { class: "bar-edge" });
      return html("div", {}, diagram.drawing, counts.drawing);
    },

    say(found, words) {
      const percent = (share) => text(100 * share, 1);
      const shown = { threshold: text(found.threshold, 2), T: found.T, all: count(found.all), answered: count(found.answered) };
      const answers = found.answered ? words.answers : words.silent;
      return [
        phrase(answers, { ...shown, right: percent(found.answeredAccuracy), share: percent(found.answered / found.all) }),
        phrase(words.overall, { right: percent(found.accuracy), error: text(found.error, 4), nll: text(found.nll, 4) }),
      ].join(" ");
    },

    rows({ bins }, words) {
      return bins.filter((bin) => bin.count).map(({ from, to, count: size, right, confidence, answered }) => [
        `${text(from, 2)} – ${text(to, 2)}`,
        count(size),
        text(confidence / size, 4),
        text(right / size, 4),
        answered ? words.yes : words.no,
      ]);
    },
  };
}
