// What a reader can change: a slider with a number field for a quantity, radio buttons for a choice. All are native
// and named, and slider and field always show the same value.
//
// A quantity is {name, min, max, step, value}. With `values` the slider runs over that list instead, and the number
// field takes only what is on it, unless the quantity is `free`. A choice is {name, choices, value}; the words of the
// choice "a" of "name" are those of the key "name_a"; with `picture(a, words)`, which draws it, each choice is a card. Words
// that the reader types are {name, text, value}, where `text` is the most characters that are kept.
// `shown(state)` says whether a control makes sense in a state.

import { html } from "./dom.js";

export const nearest = (values, wanted) =>
  values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));

/** The value that a control accepts in place of `value`, or undefined if there is none. */
export function allowed({ choices, text, min, max, values, free }, value) {
  if (text) return value === undefined ? undefined : String(value).slice(0, text);
  if (choices) return choices.find((choice) => choice === String(value));
  const number = parseFloat(value);
  if (!Number.isFinite(number)) return undefined;
  const inside = Math.min(max, Math.max(min, number));
  return values && !free ? nearest(values, inside) : inside;
}

function slider({ name, min, max, step, values }, words, changed) {
  const input = (type, ends) => html("input", { type, name, ...ends, "aria-label": words[name], autocomplete: "off" });
  const range = input("range", values ? { min: 0, max: values.length - 1, step: 1 } : { min, max, step });
  const field = input("number", { min, max, step });
  range.addEventListener("input", () => changed(name, values ? values[range.value] : range.value, range));
  field.addEventListener("input", () => field.value !== "" && changed(name, field.value, field));
  // a number that was typed out of range, or deleted, is replaced by the current one
  field.addEventListener("change", () => changed(name, field.value, null));
  const show = (value, typing) => {
    range.setAttribute("aria-valuetext", value);
    if (typing !== range) range.value = values ? values.indexOf(nearest(values, value)) : value;
    if (typing !== field) field.value = value;
  };
  const label = html("span", { "aria-hidden": "true" }, words[name]);
  return { element: html("div", { class: "control" }, label, range, field), show };
}

function choice({ name, choices, picture }, words, changed) {
  const radios = choices.map((value) => html("input", { type: "radio", name, value }));
  const drawn = (value) => (picture ? [picture(value, words)] : []);
  const labels = radios.map((radio) => html("label", {}, radio, ...drawn(radio.value), words[`${name}_${radio.value}`]));
  const look = picture ? { class: "cards" } : {};
  const element = html("fieldset", look, html("legend", {}, words[name]), ...labels);
  element.addEventListener("change", ({ target }) => changed(name, target.value, null));
  const show = (value) => radios.forEach((radio) => (radio.checked = radio.value === value));
  return { element, show };
}

function typed({ name }, words, changed) {
  const field = html("input", { type: "text", name, placeholder: words[`${name}_sample`], autocomplete: "off" });
  field.spellcheck = false;
  field.addEventListener("input", () => changed(name, field.value, field));
  const show = (value, typing) => {
    if (typing !== field) field.value = value;
  };
  return { element: html("label", { class: `field ${name}` }, words[name], field), show };
}

/**
 * Returns the element and `show(state, typing)`, which writes a state into every input but the one being typed in.
 * `changed(name, value, typing)` is called when the reader changes something.
 */
export function controls(specs, words, changed) {
  const rows = specs.map((spec) => {
    const made = spec.choices ? choice : spec.text ? typed : slider;
    return { spec, ...made(spec, words, changed) };
  });
  const element = html("div", { class: "controls" }, ...rows.map((row) => row.element));
  const show = (state, typing) => {
    for (const row of rows) {
      row.element.hidden = row.spec.shown ? !row.spec.shown(state) : false;
      row.show(state[row.spec.name], typing);
    }
  };
  return { element, show };
}
