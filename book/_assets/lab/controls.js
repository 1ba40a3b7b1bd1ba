// A slider and a number field for each quantity of a figure, both native, both named, always in step.

import { html } from "./dom.js";

/**
 * Returns the element and `show(state, typing)`, which writes a state into every input but the one being typed in.
 * `changed(name, value, typing)` hears of the reader's changes.
 */
export function controls(specs, words, shared, changed) {
  const inputs = [];
  const rows = specs.map(({ name, min, max, step }) => {
    const input = (type, label) =>
      html("input", { type, name, min, max, step, "aria-label": label.replace("{name}", words[name]), autocomplete: "off" });
    const pair = [input("range", shared.slider), input("number", shared.field)];
    inputs.push(...pair);
    return html("div", { class: "control" }, html("span", { "aria-hidden": "true" }, words[name]), ...pair);
  });
  const element = html("div", { class: "controls" }, ...rows);

  element.addEventListener("input", ({ target }) => {
    if (target.value !== "") changed(target.name, Number(target.value), target);
  });
  // a number that was typed out of range, or deleted, gives way to the one in force
  element.addEventListener("change", ({ target }) => changed(target.name, parseFloat(target.value), null));

  const show = (state, typing) => {
    for (const input of inputs) if (input !== typing) input.value = state[input.name];
  };
  return { element, show };
}
