// Does what needs the layout of a page: tab stops for boxes that scroll, and the heights of parts that are not shown.
//
// Boxes that scroll sideways (code, formulas, tables) get a tab stop, but only while there is something to scroll.
// Formulas and tables also get a name. The theme's own script did this for code, and laid out the page for every block.
//
// What is far from the window is not laid out at all (site.css), and no observer reports its size. Reading a size lays
// out only that part. So the parts are measured one by one while the browser is idle, and each is told its
// own height. Then the scroll bar is right, and parts that are not shown have true positions instead of overlapping.
(() => {
  const wanted = "main pre, .cell_output > .output, .pst-scrollable-table-container, .scroll-box";
  const boxes = [...document.querySelectorAll(wanted)];
  const parts = [...document.querySelectorAll(".bd-article > section > section")];

  const scrolls = (box) => box.scrollWidth > box.clientWidth + 1;
  const markBox = (box, does) => {
    const { label } = box.dataset;
    if (does) {
      box.tabIndex = 0;
      if (label) {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", label);
      }
    } else {
      box.removeAttribute("tabindex");
      if (label) ["role", "aria-label"].forEach((name) => box.removeAttribute(name));
    }
  };
  const height = (part) => {
    const ends = [...part.children].map((child) => child.getBoundingClientRect().bottom);
    const below = parseFloat(getComputedStyle(part.lastElementChild).marginBottom);
    return Math.ceil(Math.max(...ends) - part.getBoundingClientRect().top + below);
  };
  // What is in the window must not move when parts above it get another height.
  const markParts = (heights) => {
    const shown = parts.find((part) => part.getBoundingClientRect().bottom > 0);
    const before = shown?.getBoundingClientRect().top;
    heights.forEach((pixels, part) => (part.style.containIntrinsicHeight = `${pixels}px`));
    const moved = shown ? shown.getBoundingClientRect().top - before : 0; // not 0 if the browser did not prevent it
    if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
    // for layout.html, when this page is loaded again
    const rule = ([part, pixels]) => `#${CSS.escape(part.id)} { contain-intrinsic-height: ${pixels}px; }`;
    sessionStorage.setItem(`heights ${location.pathname} ${innerWidth}`, [...heights].map(rule).join("\n"));
  };

  // all sizes are read before anything is written, so that nothing is laid out twice
  const markBoxes = (some) => some.map((box) => [box, scrolls(box)]).forEach(([box, does]) => markBox(box, does));
  // without an observer, what follows still measures everything once, and again after each change of the window
  if (window.ResizeObserver) {
    // in the next frame: to measure a part that is not shown lays it out, which gives its boxes another size at once, and
    // an observer that causes what it observes is an error in the console
    const observer = new ResizeObserver((entries) => requestAnimationFrame(() => markBoxes(entries.map(({ target }) => target))));
    boxes.forEach((box) => observer.observe(box));
  }

  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 0 })));
  let round = 0;
  const measureAll = () => {
    const mine = ++round;
    whenIdle(() => markBoxes(boxes.filter((box) => !parts.some((part) => part.contains(box)))));
    const left = [...parts];
    const heights = new Map();
    const next = (idle) => {
      if (mine !== round) return; // begun again
      do {
        const part = left.shift();
        markBoxes(boxes.filter((box) => part.contains(box)));
        heights.set(part, height(part));
      } while (left.length && idle.timeRemaining() > 20);
      if (left.length) whenIdle(next);
      else markParts(heights);
    };
    if (left.length) whenIdle(next);
  };
  addEventListener("DOMContentLoaded", measureAll); // the figures are built then, before this
  addEventListener("resize", measureAll);
  addEventListener("toggle", measureAll, { capture: true }); // something was folded or unfolded
  // a formula grows wider when its fonts arrive, and they load only when the first formula that needs them is laid out
  document.fonts.addEventListener("loadingdone", measureAll);
})();
