// The search page: shows while somebody types what the engine finds. Its data come with the first letter, as scripts,
// since a browser fetches nothing for a page that is opened from a folder.
import { Engine, places } from "./engine.js";

const MOST = 12; // results
const SLICE = 12; // ms of work, then the browser may draw and take letters
const LONG = 60; // characters of a query that are repeated

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Makes the page of the search work; `receive` of what it returns takes the data. */
const openPage = (form) => {
  const field = form.querySelector("input");
  const status = document.querySelector("#search-status");
  const list = document.querySelector("#search-results");
  const parts = [form.dataset.answers, form.dataset.lessons];
  const waiting = []; // parts of the data that came, each a list of places that are not in the index yet
  let engine;
  let words;
  let asked = false;
  let missing = parts.length; // parts that are not in the index
  let indexing = false;
  let broken = false;

  const marked = (text, found) => {
    const box = document.createDocumentFragment();
    let end = 0;
    for (const span of engine.marks(text, found)) {
      box.append(text.slice(end, span.start), element("mark", { textContent: text.slice(span.start, span.end) }));
      end = span.end;
    }
    box.append(text.slice(end));
    return box;
  };

  const row = ({ entry }, found) => {
    const item = element("li", {}, element("a", { href: entry.address }, marked(entry.title, found)));
    if (entry.page !== entry.title) item.append(element("span", { className: "search-page", textContent: entry.page }));
    const text = engine.excerpt(entry, found);
    if (text) item.append(element("p", {}, marked(text, found)));
    return item;
  };

  const say = (query, { places, leftOut, complete }) => {
    const values = { number: places.length, most: MOST, query: query.length > LONG ? `${query.slice(0, LONG)} …` : query };
    if (!places.length) return fill(words.none, values);
    const kind = places.length > MOST ? words.many : places.length > 1 ? words.some : words.one;
    const without = leftOut.length ? fill(words.without, { words: leftOut.slice(0, 5).join(", ") }) : complete ? "" : words.partly;
    return `${fill(kind, values)} ${without}`.trim();
  };

  const show = () => {
    const query = field.value.trimStart(); // a blank at the end says that a word is finished
    const found = query && engine ? engine.search(query, { typing: document.activeElement === field }) : undefined;
    // until the places that answer by themselves are there, and as long as nothing was found, the rest is on its way
    if (query && !broken && (missing === parts.length || (missing && !found?.places.length))) return;
    list.replaceChildren(...(found?.places ?? []).slice(0, MOST).map((place) => row(place, found)));
    if (broken) status.textContent = status.dataset.broken;
    else if (engine) status.textContent = found ? say(query, found) : "";
  };

  /** Takes places into the index, a slice of them at a time; shows what was found after each part. */
  const index = () => {
    indexing = true;
    const until = performance.now() + SLICE;
    while (waiting.length && performance.now() < until) {
      if (waiting[0].length) engine.add(waiting[0].shift());
      else {
        waiting.shift();
        missing -= 1;
        list.setAttribute("aria-busy", missing > 0);
        show();
      }
    }
    indexing = waiting.length > 0;
    if (indexing) setTimeout(index);
  };

  const load = () => {
    if (asked || !field.value.trim()) return;
    asked = true;
    status.textContent = form.dataset.loading;
    list.setAttribute("aria-busy", true);
    for (const src of parts) {
      const script = element("script", { src, async: false }); // in this order: the first one brings the settings
      script.onerror = () => {
        broken = true;
        show();
      };
      document.head.append(script);
    }
  };

  // what was typed before this script arrived stays
  field.value ||= new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => {
    load();
    show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load();
    show();
  });
  load();
  if (!field.value) field.focus();

  return ({ settings, pages }) => {
    if (settings) {
      words = settings.words;
      engine = new Engine(settings);
    }
    waiting.push(places(pages));
    if (engine && !indexing) index();
  };
};

const form = globalThis.document?.querySelector("#search-page form");
export const receive = form ? openPage(form) : undefined;
