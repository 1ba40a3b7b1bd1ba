// <loss-lab kind="sigmoid" params='{"w": 1}'>what to show where no script runs</loss-lab>
//
// Turns the element into an interactive figure. A figure (such as ../sigmoid.js) says what its controls are, what
// follows from their values, and how that is drawn and said; everything around it is here. What a figure without `rows`
// draws is no picture but text: it stands below the controls, and needs no table beside it. WORDS has the words around
// every figure from website/ext/words.json; website/ext/lab_bundle.py puts it before this code when the site is built.

import { readAddress, writeAddress } from "./address.js";
import { allowed, controls } from "./controls.js";
import { html, svg } from "./dom.js";
import { style } from "./style.js";

const FIGURES = new Map(); // by kind, each with its words
const PAUSE = 250; // ms; a screen reader hears where a slider stopped, not every step on the way
const FRAMES = 25; // an action of more steps than this takes several in each frame

/** Add a kind. `figure` may also be a function that makes one from the element's attribute `data`, or null. */
export const addFigure = (kind, figure, words) => FIGURES.set(kind, { figure, words });

/** The JSON in an attribute; null if there is none or it cannot be read. */
function attribute(element, name) {
  try {
    return JSON.parse(element.getAttribute(name));
  } catch {
    return null;
  }
}

/** The sample before a word of the legend: a piece of a line, a bar, or a character. */
function swatch({ line, bar, mark }) {
  if (mark) return html("span", { "aria-hidden": "true" }, mark);
  const shape = line
    ? svg("path", { class: line, d: "M1 7H29" })
    : svg("rect", { class: bar, x: 2, y: 1.5, width: 26, height: 11 });
  return svg("svg", { class: "swatch", viewBox: "0 0 30 14", "aria-hidden": "true" }, shape);
}

class LossLab extends HTMLElement {
  connectedCallback() {
    if (this.figure) return;
    const kind = this.getAttribute("kind");
    if (!FIGURES.has(kind) && this.hasAttribute("src")) return this.wait(kind);
    this.removeAttribute("src"); // its space is kept as long as it has one (site.css)
    const { figure, words } = FIGURES.get(kind) ?? {};
    this.figure = typeof figure === "function" ? figure(attribute(this, "data")) : figure;
    if (!this.figure) return; // nothing to show: the fallback stays
    this.words = words;
    this.name(`lab-${kind}`);
    this.defaults = Object.fromEntries(this.figure.controls.map(({ name, value }) => [name, value]));
    this.start = this.inRange(attribute(this, "params") ?? {}, this.defaults);
    const begin = () => {
      this.build();
      this.fit(); // far from the window the observer does not run (site.css)
      this.followAddress();
      addEventListener("hashchange", () => this.followAddress());
      // in the next frame: what an observer draws itself may change what it observes, which is an error in the console
      if (window.ResizeObserver) new ResizeObserver(() => requestAnimationFrame(() => this.fit())).observe(this.canvas);
      else addEventListener("resize", () => this.fit());
    };
    // new fields make the browser lay out everything around them at once: build one figure at a time, when it is idle
    if (this.checkVisibility?.({ contentVisibilityAuto: true })) begin();
    else (window.requestIdleCallback ?? setTimeout)(begin);
  }

  /** Fetch the script of this figure when the reader comes near, or an address or the keyboard leads to it. */
  wait(kind) {
    this.name(`lab-${kind}`);
    const load = () => {
      observer?.disconnect();
      const script = document.createElement("script");
      script.src = this.getAttribute("src");
      script.onload = () => this.connectedCallback();
      script.onerror = () => this.removeAttribute("src"); // the fallback stays, without the space
      document.head.append(script);
    };
    const near = (entries) => entries.some((entry) => entry.isIntersecting) && load();
    const observer = window.IntersectionObserver && new IntersectionObserver(near, { rootMargin: "100%" });
    if (!observer || location.hash.startsWith(`#${this.id}`)) load();
    else observer.observe(this);
  }

  /** An id that is unique on the page, so that an address can name it; the second figure of a kind gets a number. */
  name(stem) {
    let id = stem;
    for (let number = 2; document.getElementById(id); number++) id = `${stem}-${number}`;
    this.id ||= id;
  }

  build() {
    const { words, figure } = this;
    this.canvas = html("div");
    this.sentence = html("p", { class: "say", "aria-hidden": "true" });
    this.heard = html("p", { class: "heard", role: "status" });
    this.rows = html("tbody");
    this.controls = controls(figure.controls, words, (name, value, typing) =>
      this.set({ [name]: value }, { from: this.state, typing, remember: true }),
    );
    this.sentence.hidden = !figure.rows; // text needs no words about it, but its change is announced
    const inside = figure.rows ? this.picture() : [this.controls.element, this.canvas, this.sentence, this.heard];
    this.attachShadow({ mode: "open" }).append(
      html("style", {}, style, figure.style ?? ""),
      html("div", { class: "box", role: "group", "aria-label": words.title }, ...inside),
    );
  }

  /** A drawing with all that belongs to it. */
  picture() {
    const { words, figure } = this;
    const button = (word, act) => {
      const element = html("button", {}, word);
      element.onclick = act;
      return element;
    };
    const buttons = (figure.actions ?? []).map(({ word, steps }) => button(words[word], () => this.act(steps)));
    const presets = (figure.presets ?? []).map(({ word, state }) =>
      button(words[word], () => this.set(state, { remember: true })),
    );
    buttons.push(button(WORDS.reset, () => this.set({}, { remember: true })));
    const legend = (figure.legend ?? []).map((entry) => html("li", {}, swatch(entry), words[entry.word]));
    const heads = words.columns.map((word) => html("th", { scope: "col" }, word));
    const table = html("table", {}, html("thead", {}, html("tr", {}, ...heads)), this.rows);
    const scroll = { class: "scroll", role: "group", tabindex: 0, "aria-label": WORDS.numbers };
    if (figure.drag) this.letDrag(figure.drag);
    return [
      ...(presets.length ? [html("div", { class: "buttons presets" }, words.presets, ...presets)] : []),
      this.canvas,
      ...(legend.length ? [html("ul", { class: "legend" }, ...legend)] : []),
      this.controls.element,
      html("div", { class: "buttons" }, words.actions ?? "", ...buttons),
      this.sentence,
      this.heard,
      html("details", {}, html("summary", {}, WORDS.numbers), html("div", scroll, table)),
    ];
  }

  /**
   * Let the pointer drag what `take` finds at a place; `to` says what state follows from its new place. The sliders do
   * the same by keyboard. A unit of the drawing is a pixel of the page.
   */
  letDrag({ take, to }) {
    const { canvas, figure } = this;
    let taken = null;
    const place = ({ clientX, clientY }) => {
      const { left, top } = canvas.getBoundingClientRect();
      return [clientX - left, clientY - top];
    };
    const found = (event) => take(...place(event), this.width, figure.measure(this.state));
    canvas.className = "drag";
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && (taken = found(event))) canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (taken) {
        const state = to(taken, place(event)[0], this.width, figure.measure(this.state));
        this.set(state, { from: this.state, remember: true });
      } else canvas.classList.toggle("over", Boolean(found(event)));
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (taken = null));
  }

  /** `state` with its values in range; a value that is missing or no use comes from `fallback`. */
  inRange(state, fallback) {
    return Object.fromEntries(
      this.figure.controls.map((control) => [control.name, allowed(control, state[control.name]) ?? fallback[control.name]]),
    );
  }

  followAddress() {
    const state = readAddress(this.id);
    if (state) this.scrollIntoView({ block: "center" });
    if (state || !this.state) this.set(state ?? {}, { from: this.start });
  }

  /** Take this many of the figure's own steps, frame by frame unless the reader wants no motion. */
  act(steps) {
    const each = matchMedia("(prefers-reduced-motion: reduce)").matches ? steps : Math.ceil(steps / FRAMES);
    const walk = (left) => {
      const now = Math.min(each, left);
      this.set(this.figure.act(this.state, now), { remember: true, done: this.done + now });
      if (left > now) this.frame = requestAnimationFrame(() => walk(left - now));
    };
    walk(steps);
  }

  /** `from` fills what `state` lacks, `typing` is the input in use, `done` the steps taken without a change by hand. */
  set(state, { from = this.start, typing = null, remember = false, done = 0 }) {
    cancelAnimationFrame(this.frame);
    this.state = this.inRange(state, from);
    this.done = done;
    this.controls.show(this.state, typing);
    this.paint();
    // a browser allows about 100 changes of the address in half a minute, and a slider makes more
    clearTimeout(this.pause);
    const tell = () => (this.heard.textContent = this.sentence.textContent);
    if (!remember) return tell();
    this.pause = setTimeout(() => {
      writeAddress(this.id, this.state);
      tell();
    }, PAUSE);
  }

  fit() {
    const width = this.canvas.clientWidth;
    if (width && width !== this.width) {
      this.width = width;
      if (this.state) this.paint();
    }
  }

  paint() {
    const { figure, words, state } = this;
    const measured = figure.measure(state, words);
    const drawing = figure.draw(state, measured, Math.max(240, this.width || 640), words);
    this.sentence.textContent = figure.say(measured, words, this.done);
    this.canvas.replaceChildren(drawing);
    if (!figure.rows) return;
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", `${words.title}. ${this.sentence.textContent}`);
    const row = ([head, ...cells]) =>
      html("tr", {}, html("th", { scope: "row" }, head), ...cells.map((cell) => html("td", {}, cell)));
    this.rows.replaceChildren(...figure.rows(measured, words).map(row));
  }
}

// the scripts of the figures come after this one, and all are deferred: by then they have run
addEventListener("DOMContentLoaded", () => customElements.define("loss-lab", LossLab));
