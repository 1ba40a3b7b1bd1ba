// Takes a text apart as this field writes it: words, names of functions, numbers, shapes, formulas, Chinese.
// The pages and what is searched for go through the same hands, so both come out as the same terms.
import { stemmer } from "./vendor/stemmer.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
const LETTER = "A-Za-z_\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u1fff";
const SIGN = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af"; // written without blanks: kana, Han, Hangul
const SIZE = "(?:none|null|\\?|-1|[a-z]|batch|classes|\\d+)";

// what a token begins with: a word, a digit, signs, a bracket
const TOKEN = new RegExp(
  `([${LETTER}][${LETTER}\\d]*(?:[.'’-][${LETTER}\\d]+)*)|((?:\\.(?=\\d))?\\d)|([${SIGN}]+)|([([])`,
  "g",
);
// tried where the token before begins
const SHAPE = new RegExp(`[([]\\s*${SIZE}(?:\\s*,\\s*${SIZE})*\\s*,?\\s*[)\\]]`, "iy"); // (None, 1), (n,), [250,10]
const SURE_SHAPE = /none|\d\d/i; // f(x, y) and f(1, 2) are calls
const SLOPE = new RegExp(`([${LETTER}]\\w*(?:\\(\\w\\))?)\\s*\\*?\\s*\\(\\s*1\\s*[-−]\\s*\\1\\s*\\)`, "y"); // s(1-s), p * (1 - p)
const LOG = new RegExp(`(?:ln|log)\\s*\\(?\\s*(\\d+(?!\\d|\\.\\d)|[kK](?![${LETTER}\\d]))\\)?`, "y"); // ln 2, log(10), ln K
const POWER = new RegExp(`10(?:\\s?(?:\\^|\\*\\*)\\s?(-?\\d+)|([${RAISED}]+))`, "y"); // 10^-7, 10⁻⁷
const VERSION = /\d+(?:\.\d+){2,}/y;
const NUMBER = /(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\b0),\d+)?(?:e[-+]?\d+)?/iy;

const at = (pattern, text, start) => {
  pattern.lastIndex = start;
  return pattern.exec(text);
};
const lowered = (text) => [...text].map((sign) => "0123456789-"[RAISED.indexOf(sign)]).join("");

const shapeTerms = (text) => {
  const sizes = text.toLowerCase().match(/\?|-1|[a-z]+|\d+/g);
  const general = sizes.map((size) => (size === "1" ? "1" : "n"));
  return [
    { term: `(${sizes.join(",")})`, weight: 1 },
    { term: `~(${general.join(",")})`, weight: 0.4 },
  ];
};

/** By value: 2.302 and 2.3026 share three digits with 2.303, and 0.69 two with 0.693. */
const numberTerms = (text) => {
  const value = Number(text.replace(/^0,/, "0.").replace(/,/g, ""));
  const terms = [{ term: `#${value}`, weight: 1 }];
  if (Number.isInteger(value)) return terms;
  const digits = text.replace(/e.*$/i, "").replace(/^[0.,]+/, "").replace(/\D/g, "").length;
  if (digits >= 3) terms.push({ term: `#3~${value.toPrecision(3)}`, weight: 0.9 });
  if (digits >= 2) terms.push({ term: `#2~${value.toPrecision(2)}`, weight: digits === 2 ? 0.8 : 0.3 });
  return terms;
};

/** A word without its ending; what is no plain English word stays. */
const stem = (word) => (/^[a-z]{4,}$/.test(word) ? stemmer(word) : word);

/** `tf.nn.softmax_cross_entropy_with_logits_v2`: as a whole, without where it lives and its version, and each part. */
const takeApart = (text, joined) => {
  const clean = text.replace(/['’]/g, "");
  const pieces = clean
    .replace(/([a-z\d]{2})(?=[A-Z][a-z])|([A-Z])(?=[A-Z][a-z])/g, "$1$2_") // not NaNs
    .toLowerCase()
    .split(/[._-]+/)
    .filter(Boolean);
  const parts = pieces.flatMap((piece) => joined.get(piece) ?? [piece]);
  const name = clean.slice(clean.lastIndexOf(".") + 1).replace(/_v\d$/i, "").replace(/[_-]/g, "").toLowerCase();
  const whole = parts.length > 1 || name !== clean.toLowerCase() ? `=${name}` : "";
  return { whole: whole && [{ term: whole, weight: 1 }], program: /[._]|[a-z][A-Z]/.test(clean), parts: parts.map((part) => [{ term: stem(part), weight: 1 }]) };
};

/**
 * Returns the function that takes a text apart into tokens, in their order: `{ kind, start, end, terms: [{ term, weight }] }`.
 *
 * A word of several parts is a token with its whole name, `kind` "name" if it is from a program, else "compound"; its
 * parts follow at the same place. `joined` says which words people write as one: crossentropy is cross and entropy.
 */
export const reader = (joined = new Map()) => {
  const known = new Map(); // most words come again and again
  const read = (word) => {
    let parts = known.get(word);
    if (!parts) known.set(word, (parts = takeApart(word, joined)));
    return parts;
  };
  return (text) => {
    const found = [];
    const add = (kind, terms, start, end) => found.push({ kind, terms, start, end });
    let next = 0;
    for (let match = at(TOKEN, text, 0); match; match = at(TOKEN, text, next)) {
      const [whole, word, digit, signs] = match;
      const start = match.index;
      next = start + whole.length;
      let special;
      if (word) {
        const after = text[next];
        if ((after === "(" || after === " " || after === "*") && word.length < 9 && (special = at(SLOPE, text, start))) {
          next = start + special[0].length;
          add("name", [{ term: "=x(1-x)", weight: 1 }], start, next);
        } else if ((word === "ln" || word === "log") && (special = at(LOG, text, start))) {
          next = start + special[0].length;
          add("name", [{ term: `=ln${special[1].toLowerCase()}`, weight: 1 }], start, next);
          add("word", [{ term: "ln", weight: 1 }], start, next);
        } else {
          const { whole: name, program, parts } = read(word);
          if (name) add(program ? "name" : "compound", name, start, next);
          for (const terms of parts) add(name && program ? "part" : "word", terms, start, next);
        }
      } else if (digit) {
        special = at(VERSION, text, start) ?? at(POWER, text, start) ?? at(NUMBER, text, start);
        next = start + special[0].length;
        const power = special[1] ?? (special[2] && lowered(special[2]));
        if (power) add("number", [{ term: `#${Number(`1e${power}`)}`, weight: 1 }], start, next);
        else if (/\..*\./.test(special[0])) add("number", [{ term: `#${special[0]}`, weight: 1 }], start, next);
        else add("number", numberTerms(special[0]), start, next);
      } else if (signs) {
        // one sign says little, two are a word as a rule; so no dictionary is needed
        for (let place = start; place < next - 1; place += 1) add("signs", [{ term: text.slice(place, place + 2), weight: 1 }], place, place + 2);
        for (let place = start; place < next; place += 1) add("signs", [{ term: text[place], weight: 0.5 }], place, place + 1);
      } else if ((special = at(SHAPE, text, start)) && special[0].includes(",") && (!/\w/.test(text[start - 1] ?? "") || SURE_SHAPE.test(special[0]))) {
        next = start + special[0].length;
        add("shape", shapeTerms(special[0]), start, next);
      }
    }
    return found;
  };
};

/** Full-width signs become plain ones, and every kind of apostrophe and minus the one of the keyboard. */
export const plain = (query) =>
  query
    .replace(new RegExp(`[${RAISED}]+`, "g"), (signs) => `^${lowered(signs)}`)
    .normalize("NFKC")
    .replace(/[‘’‛ʼ´`＇]/g, "'")
    .replace(/[−–—]/g, "-");

const TRACEBACK = /Traceback \(most recent|File "[^"]*"|line \d+, in |\.py:\d+|^\s*-+> ?\d+/m;
const ERROR = /[A-Z][A-Za-z]*(?:Error|Exception|Warning)\b/g;
// where something happened, not what: files, lines, addresses, times, names of nodes
const PLACES = [
  /Traceback \(most recent call last\):?/g,
  /File "[^"]*"(?:, line \d+)?(?:, in [\w.<>]+)?/g,
  /<ipython-input[^>]*>|<(?:function|bound method)[^>]*>|\bat 0x[0-9a-f]+/gi,
  /\[\[[^\]]*\]*\]|\[Op:[^\]]*\]|\{\{[^}]*\}\}/g,
  /(?:[A-Za-z]:)?[\\/]?(?:[\w.~-]+[\\/])+[\w.-]+\.(?:py|pyc|cc|ipynb|h)\b(?::\d+\]?)?/g,
  /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]?\d*:?|\d\d:\d\d:\d\d[.,]\d+/g,
  /During handling of the above exception, another exception occurred:?/g,
];
const LONGEST = 600; // characters of a message; what follows repeats it or lists values

/** What a pasted traceback says: its last error and the message behind it. A plain question stays as it is. */
export const reduced = (query) => {
  let text = query;
  if (TRACEBACK.test(text) || text.length > LONGEST) {
    const errors = [...text.matchAll(ERROR)];
    if (errors.length) text = text.slice(errors.at(-1).index);
  }
  for (const pattern of PLACES) text = text.replace(pattern, " ");
  return text.slice(0, LONGEST);
};
