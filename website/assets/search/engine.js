// Finds the places of the course that answer a question, a number or a pasted message, and the sentence to show.
import MiniSearch from "./vendor/minisearch.js";
import { plain, reader, reduced } from "./text.js";

// what a place consists of, and what a word in it is worth: `asked` are the messages and names that people paste
const FIELDS = { title: 3, asked: 2.5, text: 1, code: 0.4, page: 0.4 };
const WORTH = { question: 1.8, error: 1.2, trap: 1.2, term: 1, section: 1, aside: 0.6 };
const MOST_UNITS = 40; // of a long message its rarest words decide
const EXCERPT = 240; // characters
const SURE = 0.7; // of the query's weight: a place that has as much is an answer
const WEIGHT = { name: 0.8, compound: 0.3, part: 0.5, known: 0.3 }; // against a word; the parts of a known name matter less
const COUNT = 0.3; // a whole number is the reader's own more often than ours
const SYNONYM = 0.7;
const TITLE = 0.8; // more for a title that is the query
const NEAR = 0.8; // more for words that stand side by side as in the query

const simple = (found) => found.filter(({ kind }) => kind !== "name" && kind !== "compound").map(({ terms }) => terms[0].term);

export class Engine {
  #index = new MiniSearch({
    fields: Object.keys(FIELDS),
    tokenize: (terms) => terms, // add() has taken the texts apart
    processTerm: (term) => term,
    extractField: (entry, field) => entry[field],
    stringifyField: (terms) => terms,
  });
  #entries = [];
  #found = new Map(); // of a term: what it finds, since a letter more changes one word of the query
  #read;
  #stop;
  #synonyms;

  /** `settings`: stop words, words that people write as one, and groups of words that mean the same. */
  constructor({ stop = [], joined = {}, synonyms = [] } = {}) {
    this.#read = reader(new Map(Object.entries(joined)));
    this.#stop = new Set(stop.flatMap((word) => this.#terms(word)));
    this.#synonyms = synonyms.map((group) => group.map((phrase) => this.#terms(phrase)));
  }

  /** The simple terms of a text, in their order: no whole names. */
  #terms(text) {
    return simple(this.#read(plain(text)));
  }

  #said(text) {
    return this.#terms(text).filter((term) => !this.#stop.has(term));
  }

  /** Adds a place: its kind, address, title, page, and texts by field. */
  add(entry) {
    const id = this.#entries.length;
    const fields = { id };
    const pairs = new Set();
    let title;
    for (const field of Object.keys(FIELDS)) {
      fields[field] = [];
      // asked is a line for each message: the end of one and the beginning of the next are no neighbours
      for (const line of field === "asked" ? entry.asked.split("\n") : [entry[field]]) {
        const found = this.#read(line).filter(({ terms }) => !this.#stop.has(terms[0].term));
        for (const { terms } of found) for (const { term } of terms) fields[field].push(term);
        if (field !== "title" && field !== "asked") continue;
        const words = simple(found);
        title ??= words;
        words.slice(1).forEach((word, at) => pairs.add(`${words[at]} ${word}`));
      }
    }
    this.#entries.push({ ...entry, pairs, titleTerms: new Set(title) });
    this.#index.add(fields);
    this.#found.clear();
  }

  /** What one term finds: the score of each place, and how rare the term is. */
  #lookUp(term, options = {}) {
    const key = JSON.stringify([term, options]);
    if (!this.#found.has(key)) {
      const results = this.#index.search(term, { tokenize: (text) => [text], boost: FIELDS, bm25: { k: 1.2, b: 0.5, d: 0.5 }, ...options });
      const scores = new Map(results.map(({ id, score }) => [id, score]));
      const terms = new Set(results.flatMap(({ terms }) => terms));
      this.#found.set(key, { scores, terms });
    }
    return this.#found.get(key);
  }

  /** How much a term says: near 0 if it is everywhere. */
  #rarity(count) {
    return Math.log(1 + (this.#entries.length - count + 0.5) / (count + 0.5));
  }

  /** What of a query is looked up: for each word its ways of being written, with weights. */
  #units(text, unfinished) {
    const found = this.#read(text);
    const meant = found.filter(({ terms }) => !this.#stop.has(terms[0].term));
    const units = new Map();
    for (const { kind, start, end, terms } of meant.length ? meant : found) {
      const [{ term }] = terms;
      if (units.has(term)) continue;
      const integer = kind === "number" && terms.length === 1;
      const weight = kind === "signs" ? terms[0].weight : integer ? COUNT : (WEIGHT[kind] ?? 1);
      const ways = terms.map((way) => ({ terms: [way.term], worth: way.weight }));
      units.set(term, { word: text.slice(start, end), kind, start, weight, ways, open: unfinished && end === text.length, guess: meant.length > 0 });
    }
    const words = found.filter(({ kind }) => kind !== "name" && kind !== "compound");
    for (const group of this.#synonyms) {
      for (const phrase of group) {
        const at = words.findIndex((_, first) => phrase.every((term, next) => words[first + next]?.terms[0].term === term));
        if (at < 0 || !phrase.length) continue;
        // every word of the phrase, and its whole name, is also there where another phrase of the group is
        const starts = new Set(words.slice(at, at + phrase.length).map(({ start }) => start));
        for (const unit of units.values())
          if (starts.has(unit.start))
            for (const other of group) if (other !== phrase) unit.ways.push({ terms: other, worth: SYNONYM });
      }
    }
    return [...units.values()];
  }

  /** The places that a unit finds, each with its best score; unknown words are guessed. */
  #postings(unit) {
    const scores = new Map();
    const terms = new Set();
    const take = (found, worth, marked = true) => {
      for (const [id, score] of found.scores) if (score * worth > (scores.get(id) ?? 0)) scores.set(id, score * worth);
      if (marked) for (const term of found.terms) terms.add(term);
    };
    for (const { terms: phrase, worth } of unit.ways) take(phrase.length > 1 ? this.#all(phrase) : this.#lookUp(phrase[0]), worth, phrase.length === 1);
    const [term] = unit.ways[0].terms;
    if (unit.open && term.length > 1 && unit.kind !== "number") take(this.#lookUp(term, { prefix: true }), 0.6);
    if (!scores.size && unit.kind === "word" && unit.guess) {
      take(this.#lookUp(`=${unit.word.toLowerCase()}`), 0.9);
      if (!scores.size && term.length > 3) take(this.#lookUp(term, { prefix: true }), 0.6);
      if (!scores.size && term.length > 4) take(this.#lookUp(term, { fuzzy: term.length > 7 ? 2 : 1 }), 0.5);
    }
    return { scores, terms };
  }

  /** The places that hold all terms of a phrase. */
  #all(phrase) {
    const [first, ...rest] = phrase.map((term) => this.#lookUp(term));
    const scores = new Map();
    for (const [id, score] of first.scores) {
      const others = rest.map((found) => found.scores.get(id));
      if (others.every((other) => other)) scores.set(id, others.reduce((sum, other) => sum + other, score) / phrase.length);
    }
    return { scores, terms: new Set(phrase) };
  }

  /**
   * Looks for what somebody typed or pasted.
   *
   * Returns `places`, best first, each `{ entry, score, share }` with the share of the query that it has; `leftOut`, the
   * words that no place has; and what `excerpt` and `marks` need.
   */
  search(query, { typing = false } = {}) {
    const text = reduced(plain(query));
    const units = this.#units(text, typing && /[\p{L}\p{N}]$/u.test(text))
      .map((unit) => ({ ...unit, ...this.#postings(unit) }))
      .map((unit) => ({ ...unit, rarity: this.#rarity(unit.scores.size) }));
    const names = new Set(units.filter(({ kind, scores }) => kind === "name" && scores.size).map(({ start }) => start));
    for (const unit of units) if (unit.kind === "part" && names.has(unit.start)) unit.weight = WEIGHT.known;
    const known = units
      .filter(({ scores }) => scores.size)
      .sort((a, b) => b.rarity * b.weight - a.rarity * a.weight)
      .slice(0, MOST_UNITS);
    const whole = known.reduce((sum, { rarity, weight }) => sum + rarity * weight, 0);
    const totals = new Map();
    for (const { scores, rarity, weight } of known)
      for (const [id, score] of scores) {
        const total = totals.get(id) ?? { score: 0, covered: 0 };
        total.score += score * weight;
        total.covered += rarity * weight;
        totals.set(id, total);
      }
    const asked = this.#said(text);
    const pairs = new Set(asked.slice(1).map((word, at) => `${asked[at]} ${word}`));
    const words = new Set(asked);
    const places = [...totals].map(([id, { score, covered }]) => {
      const entry = this.#entries[id];
      const share = whole ? covered / whole : 0;
      let near = 0;
      for (const pair of pairs) if (entry.pairs.has(pair)) near += 1;
      let said = 0;
      for (const term of entry.titleTerms) if (words.has(term)) said += 1;
      const alike = said ? (said / entry.titleTerms.size) * (said / words.size) : 0; // 1 if the query is the title
      const next = pairs.size ? near / pairs.size : 0;
      return { entry, share, score: score * share * (1 + TITLE * alike + NEAR * next) * (WORTH[entry.kind] ?? 1) };
    });
    places.sort((a, b) => b.score - a.score);
    const parts = new Set(known.filter(({ kind }) => kind === "part" || kind === "name").map(({ word }) => word));
    const leftOut = units.filter(({ scores, kind, word }) => !scores.size && kind === "word" && !parts.has(word)).map(({ word }) => word);
    const terms = new Map(known.flatMap((unit) => [...unit.terms].map((term) => [term, unit])));
    return { places, leftOut, terms, complete: places.length > 0 && places[0].share > SURE };
  }

  /** The sentence of a place that has most of the query, and what follows it. */
  excerpt(entry, { terms }) {
    const sentences = entry.text.split(/(?<=[.?!。？！])\s+|\n+/).filter(Boolean);
    if (!sentences.length) return "";
    const inTitle = new Set(this.#read(entry.title).flatMap((token) => token.terms.map(({ term }) => terms.get(term))));
    const worth = sentences.map((sentence, at) => {
      const units = new Set();
      for (const token of this.#read(sentence)) for (const { term } of token.terms) if (terms.has(term)) units.add(terms.get(term));
      let sum = at === 0 && entry.kind !== "section" ? 2 : 0;
      for (const unit of units) sum += unit.rarity * unit.weight * (inTitle.has(unit) ? 0.3 : 1);
      return sum;
    });
    const best = worth.indexOf(Math.max(...worth));
    let text = sentences[best];
    for (let next = best + 1; next < sentences.length && text.length + sentences[next].length < EXCERPT; next += 1) text += ` ${sentences[next]}`;
    if (text.length <= EXCERPT) return text;
    const [first] = this.marks(text, { terms });
    const start = !first || first.start < EXCERPT / 2 ? 0 : text.indexOf(" ", first.start - EXCERPT / 3) + 1;
    const stop = text.length - start <= EXCERPT ? text.length : text.lastIndexOf(" ", start + EXCERPT);
    const end = stop > start ? stop : start + EXCERPT;
    return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
  }

  /** The whole words of a text that were looked for: `{ start, end }` in their order, none inside another. */
  marks(text, { terms }) {
    const spans = [];
    for (const { start, end, terms: own } of this.#read(text)) {
      if (!own.some(({ term }) => terms.has(term))) continue;
      const before = spans.at(-1);
      if (before && start <= before.end - 1) before.end = Math.max(before.end, end);
      else spans.push({ start, end });
    }
    return spans;
  }
}

/** The places of one script of data, each with its address. */
export const places = (pages) =>
  pages.flatMap(([page, name, found]) =>
    found.map(([kind, anchor, title, text = "", code = "", asked = ""]) => ({
      kind,
      address: anchor ? `${page}#${anchor}` : page,
      page: name,
      title,
      text,
      code,
      asked,
    })),
  );
