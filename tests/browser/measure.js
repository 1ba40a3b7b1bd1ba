// Asks a figure of the built site for what it measures and says, without a browser.
//
//     node measure.js _build/html/_static number < states.json
//
// Reads a list of states and prints for each `{ found, said }`, of `measure` and `say`.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");

const [folder, kind] = process.argv.slice(2);
globalThis.window = globalThis;
globalThis.HTMLElement = class {};
globalThis.addEventListener = () => {};
const run = (name) => runInThisContext(readFileSync(`${folder}/${name}`, "utf-8"), name);
run("loss-lab.js");
let asked;
lossLab.addFigure = (_, figure, words) => (asked = { figure, words });
run(`loss-lab-${kind}.js`);
const { figure, words } = asked;
const answers = JSON.parse(readFileSync(0, "utf-8")).map((state) => {
  const found = figure.measure(state, words);
  return { found, said: figure.say(found, words) };
});
process.stdout.write(JSON.stringify(answers));
