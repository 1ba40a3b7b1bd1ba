// Figure "shapes": the course's batch in both layouts, and what a softmax over either axis makes of it.

import { svg } from "./parts/dom.js";
import { logSoftmax, mean, sum, times } from "./parts/numerics.js";
import { phrase, text } from "./parts/phrase.js";

const BATCH = [
  [2, 1, 0.1],
  [0.5, 2.5, -1],
  [-1.5, 0, 3],
  [1, 1, 1],
];
const ONE_HOT = [0, 1, 2, 1].map((label) => [0, 1, 2].map((k) => Number(k === label)));
// sizes in the drawing: headings above, a cell with two numbers, a cell with one, a loss beside and below
const [HEADS_TOP, TALL, FLAT_CELL, LOSS, LOSS_BELOW] = [48, 44, 28, 46, 26];

const transposed = (rows) => rows[0].map((_, i) => rows.map((row) => row[i]));

/** Logits, labels and probabilities in a layout, and for each group along an axis what a loss function would return. */
const evaluate = (layout, axis) => {
  const turn = (rows) => (layout === "Cm" ? transposed(rows) : rows);
  const along = (rows) => (axis === "0" ? transposed(rows) : rows);
  const [logits, ones] = [turn(BATCH), turn(ONE_HOT)];
  const logs = along(logits).map(logSoftmax);
  const groups = along(ones).map((y, i) => ({ labels: sum(y), loss: -sum(y.map((one, j) => times(one, logs[i][j]))) }));
  const shares = logs.map((row) => row.map(Math.exp));
  return { logits, ones, shares, groups, cost: mean(groups.map(({ loss }) => loss)) };
};

export const figure = {
  controls: [
    { name: "layout", choices: ["Cm", "mC"], value: "Cm" },
    { name: "axis", choices: ["0", "1"], value: "1" },
  ],

  legend: [
    { bar: "group", word: "group" },
    { bar: "true", word: "true_class" },
  ],

  style: `
    .small { font-size: 12px; fill: var(--soft); }
    .strong { font-weight: 650; }
    .group { fill: none; stroke: var(--ink); stroke-width: 2; }
    .true { fill: none; stroke: var(--one); stroke-width: 2.5; }
  `,

  measure({ layout, axis }) {
    const right = (layout === "mC") === (axis === "1");
    const other = evaluate(layout, axis === "1" ? "0" : "1").cost;
    return { layout, axis, right, other, ...evaluate(layout, axis) };
  },

  draw(_, { layout, axis, logits, ones, shares, groups }, width, words) {
    const [rows, columns] = [logits.length, logits[0].length];
    const shape = layout === "Cm" ? `(C, m) = (${rows}, ${columns})` : `(m, C) = (${rows}, ${columns})`;
    const heads = layout === "Cm" ? 64 : 76; // the space for "example", for "example 0"
    const [down, across] = layout === "Cm" ? ["class", "example"] : ["example", "class"];
    const beside = width >= 640; // the labels are beside the logits, else below them
    const wide = Math.min(64, (width - heads - LOSS) / columns);
    const logitsHeight = HEADS_TOP + rows * TALL + (axis === "0" ? LOSS_BELOW : 4);
    const labelsAt = beside ? [heads + columns * 64 + LOSS + 30, 0] : [0, logitsHeight + 12];
    const height = beside ? logitsHeight : labelsAt[1] + HEADS_TOP + rows * FLAT_CELL + 4;
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}` });

    /** A table with headings whose cells are as `sizes` says; `inside` draws what is in one. */
    const table = (title, [x, y], sizes, inside) => {
      const add = (tag, attributes, ...children) =>
        drawing.append(svg(tag, { transform: `translate(${x} ${y})`, ...attributes }, ...children));
      const write = (value, at, attributes = {}) => add("text", { ...at, "text-anchor": "middle", ...attributes }, value);
      write(title, { x: 0, y: 16 }, { class: "strong", "text-anchor": "start" });
      write(words[across], { x: heads - 8, y: HEADS_TOP - 8 }, { "text-anchor": "end" });
      for (let j = 0; j < columns; j++) write(j, { x: heads + (j + 0.5) * sizes.wide, y: HEADS_TOP - 8 });
      for (let i = 0; i < rows; i++) {
        const [top, middle] = [HEADS_TOP + i * sizes.tall, HEADS_TOP + (i + 0.5) * sizes.tall];
        write(`${words[down]} ${i}`, { x: heads - 8, y: middle + 4.5 }, { "text-anchor": "end" });
        for (let j = 0; j < columns; j++) {
          const box = { x: heads + j * sizes.wide + 3.5, y: top + 5, width: sizes.wide - 7, height: sizes.tall - 10 };
          if (ones[i][j]) add("rect", { class: "true", ...box });
          inside(write, i, j, heads + (j + 0.5) * sizes.wide, middle);
        }
      }
      return { add, write };
    };

    const sizes = { wide, tall: TALL };
    const { add, write } = table(`${words.logits} ${shape}`, [0, 0], sizes, (put, i, j, x, middle) => {
      put(text(logits[i][j], 1), { x, y: middle - 3 }, { class: "strong" });
      put(text(axis === "0" ? shares[j][i] : shares[i][j], 2), { x, y: middle + 13 }, { class: "small" });
    });
    groups.forEach(({ loss }, i) => {
      const [width, height] = axis === "1" ? [columns * wide, TALL] : [wide, rows * TALL];
      const [x, y] = axis === "1" ? [heads, HEADS_TOP + i * TALL] : [heads + i * wide, HEADS_TOP];
      add("rect", { class: "group", x: x + 2, y: y + 2, width: width - 4, height: height - 4, rx: 7 });
      const at = axis === "1" ? { x: x + width + LOSS / 2, y: y + TALL / 2 + 4.5 } : { x: x + wide / 2, y: y + height + 17 };
      write(text(loss, 3), at);
    });
    if (axis === "1") write(words.losses, { x: heads + columns * wide + LOSS / 2, y: HEADS_TOP - 8 });
    else write(words.losses, { x: heads - 8, y: HEADS_TOP + rows * TALL + 17 }, { "text-anchor": "end" });
    const flat = { wide: beside ? 40 : wide, tall: FLAT_CELL };
    table(`${words.labels} ${shape}`, labelsAt, flat, (put, i, j, x, middle) =>
      put(ones[i][j], { x, y: middle + 4.5 }, { class: ones[i][j] ? "strong" : "small" }),
    );
    return drawing;
  },

  say({ layout, right, other, groups, cost }, words) {
    const losses = groups.map(({ loss }) => text(loss, 3)).join(", ");
    const numbers = { losses, count: groups.length, cost: text(cost, 6), other: text(other, 6) };
    return phrase(right ? words.right : `${words.wrong} ${words[`mend_${layout}`]}`, numbers);
  },

  rows({ axis, logits, shares, groups }, words) {
    const along = axis === "0" ? transposed(logits) : logits;
    return groups.map(({ labels, loss }, i) => [
      phrase(axis === "0" ? words.column : words.row, { i }),
      along[i].map((z) => text(z, 1)).join(", "),
      shares[i].map((p) => text(p, 3)).join(", "),
      labels,
      text(loss, 6),
    ]);
  },
};
