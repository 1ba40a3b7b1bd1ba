// <loss-lab kind="sigmoid" params='{"w": 1}'>what to show where no script runs</loss-lab>
//
// Upgrades the element to a figure that a reader can move. A figure (sigmoid.js) says what its controls are, what
// follows from their values, how that is drawn and said; everything around it is here. WORDS is the part "lab" of
// book/_ext/words.json, put in front of this code when the site is built.

import { readAddress, writeAddress } from "./address.js";
import { controls } from "./controls.js";
import { html } from "./dom.js";
import { sigmoidFigure } from "./sigmoid.js";
import { style } from "./style.js";

const FIGURES = { sigmoid: sigmoidFigure };
const PAUSE = 250; // ms; a screen reader hears where a slider stopped, not every step on the way

class LossLab extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const kind = this.getAttribute("kind");
    this.figure = FIGURES[kind];
    if (!this.figure) throw new Error(`loss-lab: no figure of the kind "${kind}"`);
    this.words = WORDS[kind];
    this.id ||= `lab-${kind}`;
    const defaults = Object.fromEntries(this.figure.controls.map(({ name, value }) => [name, value]));
    this.start = this.inRange({ ...defaults, ...JSON.parse(this.getAttribute("params") || "{}") });
    this.build();
    this.followAddress();
    addEventListener("hashchange", () => this.followAddress());
    this.width = 0;
    new ResizeObserver(() => this.fit()).observe(this.canvas);
  }

  build() {
    const { words, figure } = this;
    this.canvas = html("div");
    this.sentence = html("p", { class: "say", role: "status" });
    this.rows = html("tbody");
    this.controls = controls(figure.controls, words, WORDS, (...change) => this.change(...change));
    const reset = html("button", { type: "button" }, WORDS.reset);
    reset.addEventListener("click", () => this.set(this.start, null, true));
    const legend = figure.legend.map(({ mark, word }) => html("li", {}, `${mark} ${words[word]}`));
    const heads = words.columns.map((word) => html("th", { scope: "col" }, word));
    this.attachShadow({ mode: "open" }).append(
      html("style", {}, style),
      html(
        "div",
        { class: "box", role: "group", "aria-label": words.title },
        this.canvas,
        html("ul", { class: "legend" }, ...legend),
        this.controls.element,
        this.sentence,
        reset,
        html(
          "details",
          {},
          html("summary", {}, WORDS.numbers),
          html("div", { class: "scroll" }, html("table", {}, html("thead", {}, html("tr", {}, ...heads)), this.rows)),
        ),
      ),
    );
  }

  /** The state with every value a number between its control's ends. */
  inRange(state) {
    const value = ({ name, min, max, value: fallback }) => {
      const number = Number(state[name]);
      return Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : fallback;
    };
    return Object.fromEntries(this.figure.controls.map((control) => [control.name, value(control)]));
  }

  followAddress() {
    const state = readAddress(this.id);
    if (state) this.scrollIntoView({ block: "center" });
    if (state || !this.state) this.set(state ? { ...this.start, ...state } : this.start, null, false);
  }

  change(name, value, typing) {
    this.set({ ...this.state, [name]: Number.isNaN(value) ? this.state[name] : value }, typing, true);
  }

  set(state, typing, remember) {
    this.state = this.inRange(state);
    this.controls.show(this.state, typing);
    if (remember) writeAddress(this.id, this.state);
    this.paint();
  }

  fit() {
    const width = Math.round(this.canvas.clientWidth);
    if (width && width !== this.width) {
      this.width = width;
      this.paint();
    }
  }

  paint() {
    const { figure, words } = this;
    const measured = figure.measure(this.state);
    const sentence = figure.say(measured, words);
    const drawing = figure.draw(this.state, measured, Math.max(240, this.width || 640), words);
    drawing.setAttribute("aria-label", `${words.title}. ${sentence}`);
    this.canvas.replaceChildren(drawing);
    this.rows.replaceChildren(
      ...figure.rows(measured).map((row) => html("tr", {}, ...row.map((cell) => html("td", {}, cell)))),
    );
    clearTimeout(this.pause);
    if (!this.sentence.textContent) this.sentence.textContent = sentence;
    else this.pause = setTimeout(() => (this.sentence.textContent = sentence), PAUSE);
  }
}

customElements.define("loss-lab", LossLab);
