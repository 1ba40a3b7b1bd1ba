// What is known of a page only once it is laid out.
//
// Boxes that scroll sideways (code, formulas, tables) get a tab stop, but only while there is something to scroll.
// Formulas and tables get a name with it. The theme's own script does it for code, and lays the page out once a block.
//
// What is far from the window is not laid out at all (site.css), and no observer speaks of it. To read a size lays out
// that part alone. So the parts are measured in pieces, when the browser has nothing else to do, and each is told its
// own height: the scroll bar is right then, and parts that are not shown do not overlap for whoever asks where they are.
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
  // What is in the window must stay where it is when parts above it get another height.
  const markParts = (heights) => {
    const shown = parts.find((part) => part.getBoundingClientRect().bottom > 0);
    const before = shown?.getBoundingClientRect().top;
    heights.forEach((pixels, part) => (part.style.containIntrinsicHeight = `${pixels}px`));
    const moved = shown ? shown.getBoundingClientRect().top - before : 0; // not 0 where the browser did not see to it
    if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
    // for layout.html, when this page is loaded again
    const rule = ([part, pixels]) => `#${CSS.escape(part.id)} { contain-intrinsic-height: ${pixels}px; }`;
    sessionStorage.setItem(`heights ${location.pathname} ${innerWidth}`, [...heights].map(rule).join("\n"));
  };

  // all sizes are read before anything is written, so that nothing is laid out twice
  const markBoxes = (some) => some.map((box) => [box, scrolls(box)]).forEach(([box, does]) => markBox(box, does));
  const observer = new ResizeObserver((entries) => markBoxes(entries.map(({ target }) => target)));
  boxes.forEach((box) => observer.observe(box));

  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 0 })));
  let round = 0;
  const measureAll = () => {
    const mine = ++round;
    whenIdle(() => markBoxes(boxes.filter((box) => !parts.some((part) => part.contains(box)))));
    const left = [...parts];
    const heights = new Map();
    const next = (idle) => {
      if (mine !== round) return; // begun anew
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
  addEventListener("DOMContentLoaded", measureAll); // the figures come alive then, and they come first
  addEventListener("resize", measureAll);
  addEventListener("toggle", measureAll, { capture: true }); // something was folded or unfolded
  // a formula is wider once its fonts are there, and they are loaded when the first formula that needs them is laid out
  document.fonts.addEventListener("loadingdone", measureAll);
})();
