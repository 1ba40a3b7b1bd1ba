// The half of page_checks.py that runs inside the page: each function returns the faults it found, one string each.
// Python evaluates this file once in every page; page_checks.py says what each function is for.
window.pageChecks = (() => {
  // All elements that match, those in open shadow roots included.
  const deep = (root, wanted) =>
    [...root.querySelectorAll("*")].flatMap((found) => [
      ...(found.matches(wanted) ? [found] : []),
      ...(found.shadowRoot ? deep(found.shadowRoot, wanted) : []),
    ]);
  const above = (found) => found.parentElement ?? found.getRootNode().host ?? null;
  const under = (found, wanted) => found && (found.matches(wanted) || under(above(found), wanted));

  // A path short enough to read and long enough to find the element by.
  const name = (found) => {
    const parts = [];
    for (let at = found; at && at !== document.body && parts.length < 4; at = above(at)) {
      parts.unshift(at.id ? `#${at.id}` : [at.localName, ...[...at.classList].slice(0, 2)].join("."));
      if (at.id) break;
    }
    return parts.join(" > ");
  };

  // How light a CSS colour is on white paper, 0 black to 1 white, and whether it covers what is below.
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const lightness = (colour) => {
    if (!known.has(colour)) {
      const paint = (ground) => {
        brush.fillStyle = ground;
        brush.fillRect(0, 0, 1, 1);
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
        return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
      };
      const [onBlack, onWhite] = [paint("black"), paint("white")];
      known.set(colour, { value: onWhite, solid: onWhite - onBlack < 0.5 });
    }
    return known.get(colour);
  };
  const ground = (found) => {
    for (let at = found; at; at = above(at)) {
      const colour = lightness(getComputedStyle(at).backgroundColor);
      if (colour.solid) return colour.value;
    }
    return 1;
  };
  const seen = (found) => found.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // shrunk to a point, for screen readers only, as the MathML of a formula is
  const tucked = (at) =>
    at && at !== document.body
    && ((at.offsetWidth <= 1 && getComputedStyle(at).overflowX === "hidden") || tucked(above(at)));
  const hasText = (found) => [...found.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

  function thinOut() {
    const looks = new Set();
    // whether something looks different from everything before it
    const isNew = (found, ...more) => {
      const { color, backgroundColor, fontWeight, fontSize, opacity } = getComputedStyle(found);
      const look = [color, backgroundColor, fontWeight, fontSize, opacity, ...more].join();
      return !looks.has(look) && looks.add(look);
    };
    // two of one class may look the same in light but not in dark, if their surroundings differ
    const place = (found) => [
      ground(found),
      found.closest("pre")?.parentElement.className,
      found.closest("[class^=cell_], blockquote, li, td, h1, h2, h3, p")?.className,
      Boolean(found.closest("details:not([open])")),
    ];
    const doubles = [];
    for (const pre of document.querySelectorAll("pre")) {
      const here = place(pre);
      for (const word of pre.querySelectorAll("span")) {
        const wraps = word.firstElementChild !== null;
        if (!(wraps || word.textContent.trim()) || !isNew(word, word.className, wraps, ...here)) doubles.push(word);
      }
    }
    const formulas = [...document.querySelectorAll(".katex-html[aria-hidden=true]")].filter((formula) => {
      const inks = [...formula.querySelectorAll("*")].filter(hasText).map((sign) => getComputedStyle(sign).color);
      return !isNew(formula, ...new Set(inks), formula.closest("a, summary, strong, em")?.localName, ...place(formula));
    });
    // the half of a formula that screen readers get: nothing but elements and attributes of earlier ones
    const spoken = [...document.querySelectorAll("math")].filter((math) => {
      const parts = [...math.querySelectorAll("*")].map((part) =>
        [part.localName, ...part.getAttributeNames()].join(" "));
      return parts.filter((part) => looks.size < looks.add(part).size).length === 0;
    });
    for (const math of spoken) math.replaceChildren(math.textContent);
    for (const word of doubles) word.replaceWith(...word.childNodes);
    for (const formula of formulas) formula.replaceChildren();
    const telling = "text, title, desc, a, image, foreignObject, [role], [tabindex]";
    for (const drawing of document.querySelectorAll("svg[role=img]")) drawing.replaceChildren();
    for (const part of document.querySelectorAll("svg *"))
      if (!part.matches(telling) && !part.querySelector(telling)) part.remove();
    document.body.normalize();
  }

  function thinBlocks() {
    const blocks = "p, li, td, th, dt, dd, pre, h1, h2, h3, h4, figcaption, summary";
    // with the classes of its ancestors: because of them, two that look the same in light may look different in dark
    const path = (found) => {
      const parts = [];
      for (let at = found; at && at !== document.body; at = at.parentElement)
        if (at.localName !== "section") parts.push(at.localName + at.className + (at.open ?? ""));
      return parts.join(" ");
    };
    const look = (found) => {
      const { color, fontWeight, fontSize, opacity } = getComputedStyle(found);
      return [path(found), color, ground(found), fontWeight, fontSize, opacity].join();
    };
    const looks = new Set();
    const doubles = [...document.querySelectorAll("main *")].filter((block) => {
      if (!block.matches(blocks) || block.querySelector(blocks) || block.querySelector("loss-lab")) return false;
      const words = [block, ...block.querySelectorAll("*")].filter(hasText);
      const each = [...new Set(words.map(look))];
      const all = each.join("|"); // whether a link stands out depends on the words around it
      const isNew = block.querySelector("a") ? !looks.has(all) : each.some((one) => !looks.has(one));
      for (const one of [...each, all]) looks.add(one);
      return !isNew;
    });
    for (const block of doubles) block.replaceChildren();
    for (const spoken of document.querySelectorAll(".katex-mathml"))
      if (tucked(spoken)) spoken.replaceChildren();
  }

  function sideways() {
    const root = document.documentElement;
    const width = root.clientWidth;
    const scrolls = (at) =>
      at && at !== document.body && at !== root
      && (/auto|scroll/.test(getComputedStyle(at).overflowX) || scrolls(above(at)));
    const reaches = (found) => Math.ceil(found.getBoundingClientRect().right - 0.5);
    const wide = deep(document, "main, main *").filter((found) => {
      const box = found.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && reaches(found) > width && !scrolls(found) && !tucked(found) && seen(found);
    });
    const outermost = wide.filter((found) => !wide.includes(above(found))).slice(0, 5);
    if (root.scrollWidth <= width && !outermost.length) return [];
    const which = outermost.map((found) => `${name(found)} reaches ${reaches(found)}`);
    const what = root.scrollWidth > width ? `scrolls sideways, ${root.scrollWidth} px wide` : "is cut off at the right edge";
    return [`${what}, in a window of ${width} px: ${which.join("; ") || "nothing inside main"}`];
  }

  const unreached = () =>
    deep(document, "main, main *")
      .filter((found) => found.scrollWidth > found.clientWidth + 1 && found.tabIndex < 0 && seen(found))
      .filter((found) => /auto|scroll/.test(getComputedStyle(found).overflowX))
      .map((found) => `scrolls sideways and has no tab stop: ${name(found)}`);

  async function unloaded() {
    const faults = [];
    for (const image of deep(document, "img")) {
      image.loading = "eager";
      try {
        await image.decode();
      } catch {
        faults.push(`image did not load: ${image.getAttribute("src")} (${name(image)})`);
      }
    }
    for (const found of document.querySelectorAll(":not(:defined)")) faults.push(`never came alive: ${name(found)}`);
    return faults;
  }

  function wrongGround(dark) {
    const text = document.querySelector("main p") ?? document.querySelector("main") ?? document.body;
    const [below, ink] = [ground(text), lightness(getComputedStyle(text).color).value];
    if (dark ? below < 0.3 && ink > 0.6 : below > 0.7 && ink < 0.4) return [];
    return [`does not have the colours asked for: ground ${below.toFixed(2)}, text ${ink.toFixed(2)} (0 black, 1 white)`];
  }

  function brightPrint() {
    const faults = new Set();
    for (const found of [document.documentElement, document.body, ...deep(document.body, "*")]) {
      const box = found.getBoundingClientRect();
      if (!seen(found) || box.width < 2 || box.height < 2) continue;
      const { color, backgroundColor } = getComputedStyle(found);
      if (found.matches("svg[role=img]")) {
        if (lightness(color).value > 0.5) faults.add(`pale drawing: ${name(found)}: ${color}`);
      } else if (!found.closest("svg")) {
        if (lightness(backgroundColor).value < 0.75) faults.add(`dark ground: ${name(found)}: ${backgroundColor}`);
        if (hasText(found) && lightness(color).value > 0.6) faults.add(`pale ink: ${name(found)}: ${color}`);
      }
    }
    return [...faults].slice(0, 12);
  }

  function blank() {
    const faults = [];
    const gone = (found) => !seen(found) || found.getBoundingClientRect().height < 2;
    // on a phone, the list of sections is behind a button; no part of the text may be hidden
    const folded = "details:not([open]), noscript, [aria-hidden=true] svg";
    const text = ["h1", "p", "li", "table", "pre", ".katex-html", "svg[role=img]"].map((kind) => `main article ${kind}`);
    for (const found of deep(document, text.join())) {
      const replaced = found.closest("loss-lab")?.shadowRoot; // by the figure
      if (!found.closest(folded) && !replaced && found.textContent.trim() && gone(found))
        faults.push(`cannot be seen: ${name(found)}`);
    }
    for (const found of document.querySelectorAll(":not(:defined)")) {
      if (gone(found) || !found.innerText.trim()) faults.push(`shows nothing in its place: ${name(found)}`);
    }
    for (const found of document.querySelectorAll("main, main .cell_output")) {
      if (!found.closest("details:not([open])") && gone(found)) faults.push(`is blank: ${name(found)}`);
    }
    return faults;
  }

  const closed = () => deep(document, "details:not([open])").map((found) => `Enter does not open ${name(found)}`);

  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));

  // A heading that cannot be at the top, because the page ends, has to be in the window. After the first link of a page
  // it is laid out whole: then nothing moves after one rest that would not have moved before.
  async function place(id, rests = 2) {
    await document.fonts.ready;
    for (let time = 0; time < rests; time++) {
      await idle(); // heights are measured then
      await drawn();
    }
    const { top } = document.getElementById(id).getBoundingClientRect();
    const ends = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    return top >= 0 && top <= (ends ? innerHeight - 20 : 140) ? [] : [`#${id} is at ${Math.round(top)}`];
  }
  async function misplaced(backwards) {
    const ids = [...document.querySelectorAll(".bd-article section[id] section[id]")].map((section) => section.id);
    const faults = [];
    for (const id of backwards ? ids.reverse() : ids) {
      location.hash = id;
      faults.push(...(await place(id, ids.indexOf(id) === 0 ? 2 : 1)));
    }
    return faults;
  }

  // Not every engine can be told to show what it would print. So the rules for paper become rules for everything.
  function asPrinted() {
    const turn = (rules) => {
      for (const rule of rules) {
        if (/\bprint\b/.test(rule.media?.mediaText)) rule.media.mediaText = "all";
        else if (/\bscreen\b/.test(rule.media?.mediaText)) rule.media.mediaText = "not all";
        turn(rule.cssRules ?? []);
      }
    };
    const roots = deep(document, "*").flatMap((found) => found.shadowRoot ?? []);
    for (const sheet of [document, ...roots].flatMap((root) => [...root.styleSheets])) turn(sheet.cssRules);
    const controls = ".bd-header-article, .bd-sidebar-primary, .bd-sidebar-secondary, .prev-next-footer, input, button";
    const printed = deep(document, controls).filter(
      (found) => seen(found) && found.getClientRects().length && !found.closest("#search-page"),
    );
    return [...brightPrint(), ...blank(), ...printed.map((found) => `is printed: ${name(found)}`)];
  }

  // --- a walk through the page with Tab; page_checks.py presses the key
  const focused = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at === document.body || at === document.documentElement ? null : at;
  };
  // The properties of an element that can show that it has the focus.
  const look = (found) => {
    const style = getComputedStyle(found);
    const ring = style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" : style.outline;
    const rest = ["boxShadow", "backgroundColor", "borderColor", "borderWidth", "textDecoration", "color", "clip", "opacity"];
    return [ring, ...rest.map((property) => style[property])].join(";");
  };
  let walk;
  function begin() {
    // after only a blur(), Tab would continue from where a page has put the focus while loading
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    // what slides into place or fades is checked in its final state
    const still = document.createElement("style");
    still.textContent = "* { transition: none !important; animation: none !important; scroll-behavior: auto !important }";
    document.head.append(still);
    walk = { visited: [], faults: [], at: null, look: null, blurred: false, left: false };
    // from the last element the focus goes to the browser's own buttons, or sometimes straight to the first element
    addEventListener("blur", () => (walk.blurred = true));
    addEventListener("keyup", (event) => event.key === "Tab" && !walk.left && step(), { capture: true });
  }
  function step() {
    const at = focused();
    // if nothing about an element changed when the focus left it, nobody could see that it was there
    if (walk.at && walk.at !== at && walk.look === look(walk.at)) walk.faults.push(`no visible focus: ${name(walk.at)}`);
    const trapped = at && !walk.blurred && walk.visited.includes(at);
    if (trapped) walk.faults.push(`the focus is trapped: it comes back to ${name(at)}`);
    walk.at = at;
    walk.left = !at || walk.blurred || trapped;
    if (walk.left) return;
    walk.visited.push(at);
    const box = at.getBoundingClientRect();
    const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    if (!inside || !seen(at)) walk.faults.push(`the focus is out of sight: ${name(at)}`);
    walk.look = look(at);
  }
  const left = () => walk.left;
  function end() {
    const wanted = deep(document, "a[href], button, input, select, textarea, summary, [tabindex='0']").filter(
      (found) => found.tabIndex >= 0 && !found.disabled && seen(found) && found.getClientRects().length
        && !(found.type === "radio" && !found.checked),
    );
    const missed = wanted.filter((found) => !walk.visited.includes(found)).slice(0, 5);
    return [...walk.faults, ...missed.map((found) => `Tab does not reach ${name(found)}`)];
  }

  return { thinOut, thinBlocks, sideways, unreached, unloaded, wrongGround, brightPrint, blank, closed, place, misplaced, asPrinted, begin, left, end };
})();
