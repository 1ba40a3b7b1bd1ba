// Figure "finder": which head and which call, from what is known of classes and labels.
//
// The attribute `data` of the element holds what a notebook executed (notebooks/which-head, its cell `lab-data`):
// {imports: {writing: [line]}, labels: {"question, labels": {head, line, shape, type, start: [[K, loss]], formula}},
// heads: {head: {writing: {lines: [[role, line]], mistakes: [[what, seen, place]]}}}}.

import { linkTo } from "./parts/address.js";
import { html, svg } from "./parts/dom.js";
import { phrase } from "./parts/phrase.js";

const QUESTIONS = { two: "one of two", one: "one of K", any: "any of K" };
const WIDE = 560; // px; below it the mistakes wait to be opened

/** The name of the control that asks how the labels are written. */
const asks = ({ both, classes }) => (both === "yes" ? "any" : classes === "two" ? "two" : "one");

/** A picture of a choice, drawn from pairs of an element and its attributes, or from text with its place. */
const picture = (...shapes) => {
  const drawing = svg("svg", { viewBox: "0 0 72 44", "aria-hidden": "true" });
  for (const [tag, attributes, ...inside] of shapes) drawing.append(svg(tag, attributes, ...inside));
  return drawing;
};
const line = (d, look = "line") => ["path", { class: look, d }];
const dot = (cx, cy, r, look) => ["circle", { class: look, cx, cy, r }];
const box = (x, y, width, height, look, rx = 2) => ["rect", { class: look, x, y, width, height, rx }];
const write = (words, x, y, look = "word") => ["text", { class: look, x, y }, words];

const cat = (x, y) => [
  line(`M${x - 9} ${y - 9}l4.5 4.5h9l4.5-4.5v11a9 8 0 0 1-18 0z`, "animal"),
  dot(x - 3.5, y, 1.2, "ink"),
  dot(x + 3.5, y, 1.2, "ink"),
];
const dog = (x, y) => [
  line(`M${x - 7} ${y - 6}q7-4 14 0v7a7 8 0 0 1-14 0z`, "animal"),
  line(`M${x - 7} ${y - 6}q-5 3-4 11q4 0 4-5zM${x + 7} ${y - 6}q5 3 4 11q-4 0-4-5z`, "ink"),
  dot(x - 2.5, y - 1, 1.2, "ink"),
  dot(x + 2.5, y - 1, 1.2, "ink"),
];
const tick = (x, y, on) => [box(x, y, 12, 12, on ? "on" : "off"), ...(on ? [line(`M${x + 3} ${y + 6}l2.5 2.5l4-5`, "tick")] : [])];

/** A table of zeros and ones: each text is a row. */
const grid = (...rows) =>
  rows.flatMap((row, i) => [...row].map((one, j) => box(36 - row.length * 6.5 + j * 13, 3 + i * 13, 11, 11, one === "1" ? "on" : "off")));
const column = (...words) => words.flatMap((word, i) => [box(24, 2 + i * 14, 24, 12, "off"), write(word, 36, 11.5 + i * 14)]);
const layers = (count, last) =>
  Array.from({ length: count }, (_, i) => box(12, 6 + i * 12, 48, 8, i === last ? "on" : "off"));

const PICTURES = {
  both_no: () => [box(3, 5, 34, 34, "off", 4), ...cat(20, 22), ...tick(47, 7, true), ...tick(47, 25, false)],
  both_yes: () => [box(1, 5, 48, 34, "off", 4), ...cat(13, 22), ...dog(35, 22), ...tick(57, 7, true), ...tick(57, 25, true)],
  classes_two: () => [dot(24, 22, 9, "on"), dot(48, 22, 9, "off")],
  classes_more: () => [dot(10, 22, 7, "off"), dot(28, 22, 7, "on"), dot(46, 22, 7, "off"), ...[58, 63, 68].map((x) => dot(x, 22, 1.3, "ink"))],
  "two_0 or 1": () => column("1", "0", "1"),
  two_names: (words) => column(...words.names),
  "two_one-hot": () => grid("10", "01", "10"),
  one_integers: () => column("2", "0", "1"),
  one_names: (words) => column(...words.names),
  "one_one-hot": () => grid("001", "100", "010"),
  any_rows: () => grid("110", "000", "101"),
  any_lists: () => [write("[0, 1]", 36, 12), write("[ ]", 36, 26), write("[0, 2]", 36, 40)],
  write_Keras: () => layers(3, 2),
  "write_tf.nn": () => [line("M4 22h14M54 22h14"), box(18, 9, 36, 26, "on", 5), write("f", 36, 27, "word on-one")],
  "write_TensorFlow 1": () => [line("M16 12L36 22L16 34M36 22h20"), dot(14, 11, 6, "off"), dot(14, 34, 6, "off"), dot(36, 22, 7, "on"), dot(58, 22, 6, "off")],
  write_NumPy: () => [line("M12 4H6v36h6M60 4h6v36h-6"), ...[0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => dot(22 + j * 14, 10 + i * 12, 3, i === j ? "on" : "off")))],
};

/** The choices of a control, in the order of their pictures. */
const choices = (name) => Object.keys(PICTURES).filter((key) => key.startsWith(`${name}_`)).map((key) => key.slice(name.length + 1));

const choice = (name, value, shown) => ({
  name,
  choices: choices(name),
  value: value ?? choices(name)[0],
  shown,
  picture: (one, words) => picture(...PICTURES[`${name}_${one}`](words)),
});

/** Adds a line of code to an element, with places where a narrow window may break it. */
const breakable = (element, text) => {
  text.split(/(?<=[.(_])(?=\w)/).forEach((part, i) => element.append(...(i ? [html("wbr"), part] : [part])));
  return element;
};

/** Puts text into the clipboard, or, where a browser refuses that, selects it. */
async function copy(button, code, done) {
  try {
    await navigator.clipboard.writeText(code.dataset.text);
    button.textContent = done;
  } catch {
    getSelection().selectAllChildren(code);
  }
}

export function figure(data) {
  if (!data?.imports || !data.labels || !data.heads) return null;
  let open; // whether the mistakes are read

  return {
    controls: [
      choice("both"),
      choice("classes", "more", ({ both }) => both === "no"),
      ...Object.keys(QUESTIONS).map((name) => choice(name, null, (state) => asks(state) === name)),
      choice("write"),
    ],

    style: `
      .controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1rem 1.5rem; }
      .cards { gap: 0.5rem; align-items: stretch; align-content: start; }
      .cards legend { width: 100%; margin: 0; font-weight: 600; line-height: 1.3; }
      .cards label { position: relative; flex: 1 1 0; min-width: 0; flex-direction: column; justify-content: center; gap: 0.2rem; padding: 0.5rem 0.2rem 0.4rem; font-size: 0.875rem; line-height: 1.25; text-align: center; }
      .cards label:has(:checked) { font-weight: 600; }
      .cards input { position: absolute; inset: 0; width: 100%; height: 100%; appearance: none; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
      .cards input:hover { border-color: var(--soft); }
      .cards input:checked { border: 2.5px solid var(--one); }
      .cards svg { width: 72px; max-width: 100%; }
      .line { fill: none; stroke: var(--soft); stroke-width: 2; }
      .animal { fill: var(--paper); stroke: var(--ink); stroke-width: 1.6; stroke-linejoin: round; }
      .ink { fill: var(--ink); }
      .on { fill: var(--one); stroke: var(--one); } .off { fill: var(--paper); stroke: var(--soft); }
      .tick { fill: none; stroke: var(--paper); stroke-width: 2; }
      .word { font-size: 11px; text-anchor: middle; } .on-one { fill: var(--paper); font-size: 15px; font-style: italic; }
      .answer { margin-top: 1.1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
      .lines { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 0.9rem; }
      dt { color: var(--soft); font-size: 0.8125rem; line-height: 1.6; white-space: nowrap; user-select: none; }
      dd { margin: 0; }
      code { font: 0.84375rem/1.55 var(--pst-font-family-monospace, ui-monospace, monospace); }
      .lines code { display: block; padding-left: 2ch; text-indent: -2ch; white-space: pre-wrap; overflow-wrap: break-word; }
      .key { font-weight: 650; }
      .facts { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.4rem 1.5rem; margin: 0.9rem 0 0; }
      .facts p { margin: 0; } .facts span { color: var(--soft); font-size: 0.8125rem; margin-right: 0.4rem; }
      .given { display: flex; justify-content: space-between; align-items: start; gap: 1rem; margin-top: 0.7rem; font-size: 0.8125rem; line-height: 1.45; }
      .given p { margin: 0; color: var(--soft); max-width: 34rem; } .given button { flex: none; font-size: 0.875rem; }
      details { margin-top: 0.8rem; border-top: 1px solid var(--line); }
      summary { padding: 0.6rem 0; font-weight: 600; cursor: pointer; }
      ul { margin: 0; padding: 0; list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 0.7rem 1.5rem; }
      li { line-height: 1.4; font-size: 0.9375rem; } li a { display: block; padding: 0.15rem 0; font-weight: 600; }
      a { color: var(--pst-color-link, #0b5cad); text-underline-offset: 0.15em; }
      @media (max-width: 480px) {
        .lines { grid-template-columns: minmax(0, 1fr); gap: 0; } .given { flex-direction: column; gap: 0.6rem; } dt { line-height: 1.35; } .lines dd { margin-bottom: 0.3rem; }
        code { font-size: 0.8125rem; line-height: 1.4; }
      }
    `,

    measure(state) {
      const name = asks(state);
      const labels = data.labels[`${QUESTIONS[name]}, ${state[name]}`];
      const { lines, mistakes } = data.heads[labels.head][state.write];
      return {
        ...labels,
        write: state.write,
        lines: [...data.imports[state.write].map((each) => ["import", each]), ["labels", labels.line], ...lines],
        mistakes,
      };
    },

    draw(_, { lines, mistakes, shape, type, start, formula, write: writing }, width, words) {
      open ??= width >= WIDE;
      const list = html("dl", { class: "lines" });
      for (const [role, text] of lines) {
        const same = list.lastChild?.dataset.role === role;
        if (!same) list.append(html("dt", {}, words[role]), html("dd", { "data-role": role }));
        list.lastChild.append(breakable(html("code", { class: ["layer", "loss"].includes(role) ? "key" : "" }), text));
      }
      list.dataset.text = lines.map(([, text]) => text).join("\n");
      const button = html("button", { type: "button" }, words.copy);
      button.onclick = () => copy(button, list, words.copied);
      const fact = (word, ...inside) => html("p", {}, html("span", {}, word), ...inside);
      const losses = start.map(([K, loss]) => (formula === "ln K" ? phrase(words.with, { K, loss }) : loss));
      const first = `${formula} = ${[...new Set(losses)].join(", ")}`;
      const faults = mistakes.map(([what, seen, place]) =>
        html("li", {}, html("a", { href: linkTo(`notebooks/${place}`) }, what), seen),
      );
      const more = html("details", open ? { open: "" } : {}, html("summary", {}, words.mistakes), html("ul", {}, ...faults));
      more.ontoggle = () => (open = more.open);
      return html(
        "div",
        { class: "answer" },
        list,
        html("div", { class: "facts" }, fact(words.form, html("code", {}, `${shape} ${type}`)), fact(words.first, html("code", {}, first))),
        html("div", { class: "given" }, html("p", {}, words[`given_${writing}`]), button),
        more,
      );
    },

    say({ lines, shape, type }, words) {
      const by = Object.fromEntries(lines);
      return phrase(words.result, { layer: by.layer, loss: by.loss, shape, type });
    },
  };
}
