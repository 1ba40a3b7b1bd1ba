// Figure "number": what a strange loss is. Every cause has a formula and the place of the course where it was run.

import { linkTo } from "./parts/address.js";
import { html } from "./parts/dom.js";
import { phrase } from "./parts/phrase.js";

const MOST = 5; // causes that are shown
const NEAR = 0.01; // how far off a number may be, as a share, if none fits to the digits that were typed
const FLOAT = 3e-7; // the same for any number: single precision has no more digits
const KEPT = 2000; // characters of what was typed

// without a word of the reader, the sizes that are most usual
const CLASSES = [2, 3, 10, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 26, 50, 100, 101, 128, 200, 256, 500, 1000, 10000];
const BATCHES = [32, 64, 128, 16, 8, 256];
const MANY = Array.from({ length: 2000 }, (_, i) => i + 2);

const { log, E, LN2, LN10 } = Math;
const WALL = 7 * LN10; // Keras cuts probabilities at 1e-7
const smooth = (K) => [0.9 + 0.1 / K, ...Array(K - 1).fill(0.1 / K)].reduce((total, y) => total - y * log(y), 0);
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

const lesson = (name) => `notebooks/${name}`;
const [L1, L3, L4, L5] = ["01-sigmoid", "03-binary-cross-entropy", "04-softmax", "05-cross-entropy"].map(lesson);
const L8 = lesson("08-keras-softmax-regression");
const HEADS = lesson("which-head");
const QUESTIONS = "book/questions";

/** For each of some sizes: its value, the formula in which it stands for `size`, and the size under `name`. */
const each = (sizes, name, value, formula) => sizes.map((size) => [value(size), formula(size), { [name]: size }]);
const one = (value, formula) => () => [[value, formula, {}]];

// the most likely first: a name, the place, and from classes K and batches m what it can be
const CAUSES = [
  ["even_two", `${L3}#trap-a-loss-stuck-at-0-693`, one(LN2, "ln 2")],
  ["even", `${L5}#ln-k-the-loss-of-knowing-nothing`, ({ K }) => each(K.filter((k) => k > 2), "K", log, (k) => `ln ${k}`)],
  ["wall", `${L8}#trap-softmax-first-then-a-loss-that-is-told-nothing`, one(WALL, "−ln 1e-7")],
  ["twice", `${L5}#trap-softmax-applied-twice`, ({ K }) => each(K.filter((k) => k > 2), "K", (k) => log(1 + (k - 1) / E), (k) => `ln(1 + ${k - 1}/e)`)],
  ["twice_yes", `${L3}#trap-the-sigmoid-applied-twice`, one(log(1 + 1 / E), "ln(1 + 1/e)")],
  ["addend", `${L3}#trap-add-1e-10-and-the-nan-is-gone`, () => each([10, 8, 15, 12, 6, 9, 16, 5], "k", (k) => k * LN10, (k) => `−ln 1e-${k}`)],
  ["one_class", `${HEADS}#numbers-that-rounding-makes`, ({ K }) => each(K.slice(0, 5), "K", (k) => (WALL * (k - 1)) / k, (k) => `${k - 1}/${k} · 16.118`)],
  ["at_wall", `${HEADS}#numbers-that-rounding-makes`, ({ m, batch, slack }) =>
    (batch || slack < 0.002 ? m : []).flatMap((size) => each([1, ...MANY].filter((k) => k < size && (batch || k > size * 0.8)), "k", (k) => (WALL * k) / size, (k) => `${k}/${size} · 16.118`).map(([a, b, c]) => [a, b, { ...c, m: size }]))],
  ["wall_no", `${HEADS}#numbers-that-rounding-makes`, one(23 * LN2, "23 ln 2")],
  ["least", `${HEADS}#numbers-that-rounding-makes`, one(2 ** -23, "2⁻²³")],
  ["step", `${HEADS}#numbers-that-rounding-makes`, () => each([12, 13, 14, 15, 11, 16, 17, 18], "k", (k) => 2 ** -k, (k) => `2^−${k}`).map(([a, b, { k }]) => [a, b, { from: 2 ** (23 - k) }])],
  ["exp_32", `${HEADS}#numbers-that-rounding-makes`, one(log(2 - 2 ** -23) + 127 * LN2, "ln 3.4028e38")],
  ["exp_64", `${HEADS}#numbers-that-rounding-makes`, one(1024 * LN2, "ln 1.7977e308")],
  ["log_loss", "notebooks/calls-side-by-side#why-the-softmax-calls-differ", one(52 * LN2, "52 ln 2")],
  ["smoothed", `${L5}#trap-label-smoothing-has-a-floor-and-one-keras-loss-lacks-it`, ({ K }) => each(K, "K", smooth, (k) => `H(0.1, ${k})`)],
  ["summed", `${L5}#trap-sigmoid-cross-entropy-summed-over-exclusive-classes`, ({ K }) => each(K.filter((k) => k > 2), "K", (k) => k * LN2, (k) => `${k} ln 2`)],
  ["entries", `${HEADS}#what-you-would-see-if`, ({ K }) => each(K.filter((k) => k > 2), "K", (k) => log(k) / k, (k) => `(ln ${k})/${k}`)],
  ["sum", `${HEADS}#what-you-would-see-if`, ({ K, m }) => m.flatMap((size) => each(K.slice(0, 12), "K", (k) => size * log(k), (k) => `${size} ln ${k}`).map(([a, b, c]) => [a, b, { ...c, m: size }]))],
  ["axis", `${HEADS}#what-you-would-see-if`, ({ m }) => each(m, "m", log, (size) => `ln ${size}`)],
  ["ones", `${L4}#trap-a-softmax-over-one-unit`, one(1, "1")],
  ["bits", `${L5}#trap-nats-or-bits`, ({ K }) => each(K, "K", Math.log2, (k) => `log₂ ${k}`)],
  ["band", `${L1}#trap-the-sigmoid-applied-twice`, one(sigmoid(1), "σ(1)")],
  ["bar", `${L1}#trap-the-threshold-on-the-wrong-scale`, one(sigmoid(0.5), "σ(0.5)")],
  ["two_faults", "notebooks/06-compute-cost-tf1#trap-0-147125", one(0.147125, "0.1471")],
  ["nothing", `${QUESTIONS}#the-loss-is-0-0-from-the-first-step`, one(0, "0")],
  ["chance", `${QUESTIONS}#my-loss-is-2-303-and-does-not-move`, ({ K }) => each(K, "K", (k) => 1 / k, (k) => `1/${k}`)],
  ["all_no", `${HEADS}#what-you-would-see-if`, ({ K }) => each(K.filter((k) => k > 2), "K", (k) => 1 - 1 / k, (k) => `1 − 1/${k}`)],
];
const RATIOS = [
  ["in_bits", `${L5}#trap-nats-or-bits`, one(1 / LN2, "1/ln 2")],
  ["times_K", `${HEADS}#what-you-would-see-if`, ({ K, classes }) => each(classes ? K : MANY, "K", (k) => k, String)],
  ["times_m", `${L3}#trap-sum-instead-of-mean`, ({ m, batch }) => each(batch ? m : MANY, "m", (k) => k, String)],
];
// what is no number, or no size that a formula gives
const WORDS = {
  nan: [["nan", `${QUESTIONS}#why-is-the-loss-nan`], ["nan_label", `${QUESTIONS}#an-error-on-the-cpu-nan-on-the-gpu`]],
  inf: [["inf", `${QUESTIONS}#numpy-warns-divide-by-zero-encountered-in-log`], ["inf_exp", `${QUESTIONS}#numpy-warns-overflow-encountered-in-exp`]],
  negative: [["negative", `${QUESTIONS}#my-loss-is-negative`], ["brackets", `${L3}#trap-the-lost-brackets`]],
  stuck: [["stuck", `${L3}#trap-a-loss-stuck-at-0-693`], ["stuck_K", `${QUESTIONS}#my-loss-is-2-303-and-does-not-move`], ["no_gradient", `${QUESTIONS}#the-gradient-is-none`]],
  huge: [["huge", `${L8}#trap-pixels-from-0-to-255`]],
};

const NUMBER = /[+-]?(?:\d[\d.,]*|[.,]\d+)(?:e[+-]?\d+)?(?:\s*%)?/g;

/** The value of a number as people type it, and how much its last digit counts: "2,302", "6.93e-1", "69.3 %". */
function value(typed) {
  let [digits, exponent = "0"] = typed.replace(/\s*%/, "").replace(/[.,]+(?=e|$)/, "").split("e");
  const [dots, commas] = [".", ","].map((sign) => digits.split(sign).length - 1);
  if (dots && commas) digits = digits.replaceAll(digits.lastIndexOf(".") > digits.lastIndexOf(",") ? "," : ".", "");
  else if (dots > 1 || commas > 1) digits = digits.replace(/[.,]/g, "");
  digits = digits.replace(",", ".");
  const power = Number(exponent) - (typed.includes("%") ? 2 : 0);
  return { value: Number(`${digits}e${power}`), unit: 10 ** (power - (digits.split(".")[1] ?? "").length) };
}

/** What was typed: one of the names in WORDS, or numbers; of a line of a log the one after "loss". */
function read(typed, says) {
  const text = typed.normalize("NFKC").toLowerCase().replace(/[−–]/g, "-");
  const said = (name) => new RegExp(says[name], "u").test(text);
  const named = ["nan", "inf"].find(said);
  if (named) return { named };
  let found = text.match(NUMBER) ?? [];
  const loss = text.match(new RegExp(`loss[^\\d-]{0,9}(${NUMBER.source})`)); // a line of a log has more numbers
  if (loss && (found.length > 2 || text.includes("acc"))) found = [loss[1]];
  const numbers = found.map(value);
  if (numbers.some((number) => number.value === Infinity)) return { named: "inf" };
  if (numbers.length) return { numbers };
  return { named: ["negative", "stuck"].find(said) };
}

/** A whole number of at least `least`, or nothing. */
const whole = (typed, least) => {
  const size = Number(typed.normalize("NFKC").replace(/[\s,.]/g, "") || NaN);
  return Number.isInteger(size) && size >= least && size <= 1e6 ? size : undefined;
};

const rounded = (number) => (number && Math.abs(number) < 0.001 ? number.toExponential(4) : String(Number(number.toFixed(4))));

/** The causes that come within `slack` of a value, each with its most usual or its nearest sizes. */
function fitting(causes, given, wanted, slack) {
  const off = ([found]) => Math.abs(found - wanted);
  const found = causes.flatMap(([name, place, options]) => {
    const near = options(given).filter((option) => off(option) <= slack);
    if (!near.length) return [];
    const [value, formula, values] = given.ordered ? near[0] : near.sort((a, b) => off(a) - off(b))[0];
    const equal = [...new Set([formula, rounded(value)])].join(" = ");
    return [{ name, place, formula: equal, values, exact: off(near[0]) < 1e-9 }];
  });
  return found.sort((a, b) => b.exact - a.exact); // a stable sort: else the most likely first
}

export const figure = {
  controls: [
    { name: "n", text: KEPT, value: "" },
    { name: "K", text: 20, value: "" },
    { name: "m", text: 20, value: "" },
  ],

  style: `
    .controls { display: grid; grid-template-columns: 1fr 8rem 8rem; gap: 0.6rem 1rem; align-items: end; }
    .field { flex-direction: column; align-items: stretch; gap: 0.2rem; font-size: 0.875rem; color: var(--soft); }
    .field input { width: 100%; min-height: 2.6rem; padding: 0 0.7rem; font-size: 1rem; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 8px; }
    .n input { font-size: 1.125rem; font-variant-numeric: tabular-nums; }
    p { margin: 0.8rem 0 0; }
    ol { margin: 0.5rem 0 0; padding: 0; list-style: none; }
    li { display: grid; grid-template-columns: 13rem 1fr; gap: 0 1rem; padding: 0.5rem 0; border-top: 1px solid var(--line); line-height: 1.4; }
    code { font: 0.875rem/1.6 var(--pst-font-family-monospace, monospace); }
    .field input::placeholder { color: var(--soft); opacity: 1; }
    code + a { grid-column: 2; } a { grid-column: 1 / -1; color: var(--pst-color-link, #0b5cad); text-underline-offset: 0.15em; }
    @media (max-width: 600px) { .controls { grid-template-columns: 1fr 1fr; } .n { grid-column: 1 / -1; } li { grid-template-columns: 1fr; } code + a { grid-column: 1; } }
  `,

  measure({ n, K, m }, { says }) {
    const [classes, batch] = [whole(K, 2), whole(m, 1)];
    const odd = [K.trim() && !classes ? "odd_K" : [], m.trim() && !batch ? "odd_m" : []].flat();
    const known = { classes, batch, odd };
    if (!n.trim()) return { ...known, said: "empty", causes: [] };
    const { named, numbers } = read(n, says);
    const whys = (name) => WORDS[name].map(([cause, place]) => ({ name: cause, place, values: {} }));
    if (named) return { ...known, said: "fits", causes: whys(named) };
    if (!numbers) return { ...known, said: "unread", causes: [] };
    const [{ value: first, unit }, other] = numbers;
    if (first < 0) return { ...known, said: "fits", causes: whys("negative") };
    const slack = Math.max(Math.min(unit, 0.02 * first) * 1.000001, FLOAT * first);
    const given = { classes, batch, slack, K: classes ? [classes] : CLASSES, m: batch ? [batch] : BATCHES, ordered: true };
    if (numbers.length === 2 && other.value > 0 && first > 0) {
      const [large, small] = first > other.value ? numbers : [other, numbers[0]];
      const ratio = large.value / small.value;
      const spread = ratio * (large.unit / large.value + small.unit / small.value);
      const causes = fitting(RATIOS, { ...given, ordered: false }, ratio, Math.max(Math.min(spread, 0.03 * ratio), FLOAT * ratio));
      if (causes.length) return { ...known, said: "ratio", values: { ratio: rounded(ratio) }, causes };
    }
    let causes = fitting(CAUSES, given, first, slack);
    // only if nothing usual fits: any number of classes
    if (!causes.length && !classes) causes = fitting(CAUSES.slice(1, 4), { ...given, K: MANY, ordered: false }, first, slack);
    if (causes.length) return { ...known, said: "fits", causes };
    if (first >= 1000) return { ...known, said: "fits", causes: whys("huge") };
    causes = fitting(CAUSES.slice(0, 3), { ...given, ordered: false }, first, NEAR * first);
    if (causes.length || !classes) return { ...known, said: causes.length ? "near" : "unknown", causes };
    const guess = { name: first > log(classes) ? "above" : "below", place: CAUSES[1][1], formula: `ln ${classes} = ${rounded(log(classes))}`, values: {} };
    return { ...known, said: "unknown", causes: [guess] };
  },

  draw(_, found, width, words) {
    const lines = [...found.odd, found.said === "fits" && found.causes.length === 1 ? "fit" : found.said].map((key) => html("p", {}, phrase(words[key], found.values ?? {})));
    const list = found.causes.slice(0, MOST).map(({ name, place, formula, values }) =>
      html("li", {}, ...(formula ? [html("code", {}, formula)] : []), html("a", { href: linkTo(place) }, phrase(words.causes[name], values))),
    );
    return html("div", {}, ...lines, html("ol", {}, ...list));
  },

  say({ said, causes, odd, values }, words) {
    const [first] = causes;
    const why = first ? [first.formula, phrase(words.causes[first.name], first.values)] : [];
    return [...odd.map((key) => words[key]), phrase(words[said], values ?? {}), ...why].filter(Boolean).join(" ");
  },
};
