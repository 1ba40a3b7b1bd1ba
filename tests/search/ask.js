// Asks the search of the built site, the very script and data that a browser loads, and prints what it finds.
//
//     node ask.js _build/html/_static < asked.json
//
// Reads `{ queries, pages, settings }`. A query is a text, or `{ text, typing }` as long as somebody types. `pages` and
// `settings` replace the data of the site. Prints for each query its first places, and what the page would say of them.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");

const folder = process.argv[2];
const run = (name) => runInThisContext(readFileSync(`${folder}/${name}`, "utf-8"), name);
const FIRST = 10;

const { queries, pages, settings } = JSON.parse(readFileSync(0, "utf-8"));
run("search.js");
const { Engine, places } = courseSearch;
let engine;
courseSearch.receive = (data) => {
  engine ??= new Engine(data.settings);
  for (const place of places(data.pages)) engine.add(place);
};
if (pages) courseSearch.receive({ settings, pages });
else for (const name of ["search-data.js", "search-data-lessons.js"]) run(name);

const answers = queries.map((query) => {
  const { text, typing } = typeof query === "string" ? { text: query, typing: false } : query;
  const found = engine.search(text, { typing });
  const marked = (words) => engine.marks(words, found).map(({ start, end }) => words.slice(start, end));
  const first = found.places.slice(0, FIRST).map(({ entry, share }) => {
    const excerpt = engine.excerpt(entry, found);
    return { address: entry.address, title: entry.title, share, excerpt, marks: [...marked(entry.title), ...marked(excerpt)] };
  });
  return { first, leftOut: found.leftOut, complete: found.complete, number: found.places.length };
});
process.stdout.write(JSON.stringify(answers));
