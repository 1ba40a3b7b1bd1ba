// The lists beside the text: all pages on the left, this page's sections on the right. On a phone the theme opens each
// as a dialog; on a laptop the left one can be hidden. This replaces the theme's sphinx-book-theme.js, which also
// takes the focus off each button that is pressed, so that it is lost when the dialog closes.
for (const side of ["primary", "secondary"]) {
  const toggle = document.querySelector(`.${side}-toggle`);
  const list = document.getElementById(`pst-${side}-sidebar`);
  const dialog = document.getElementById(`pst-${side}-sidebar-modal`);
  if (!toggle || !list || !dialog) continue;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn close-menu"; // shown inside the dialog only: the theme moves the list there and back
  close.ariaLabel = toggle.dataset.close;
  close.textContent = "×";
  list.prepend(close);
  // The theme gives the focus back when the dialog closes. The button stays in view whatever is read: scrolling to it would
  // lead away from the section that was chosen in the dialog.
  toggle.focus = (options) => HTMLElement.prototype.focus.call(toggle, { preventScroll: true, ...options });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest(".close-menu, a[href^='#']")) dialog.close();
  });
  toggle.addEventListener(
    "click",
    (event) => {
      if (side === "secondary" || !matchMedia("(min-width: 992px)").matches) return;
      event.stopImmediatePropagation();
      list.classList.toggle("pst-sidebar-hidden");
    },
    true,
  );
}

// The section that is read: the one that the address names, while its heading is in the upper third of the window, or else
// the last that began there. At the end of a page sections come no higher. It is marked in the list of this page's sections.
const contents = document.getElementById("page-contents");
const entries = [...(contents?.querySelectorAll("a[href^='#']") ?? [])]
  .map((link) => ({ link, place: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
  .filter(({ place }) => place);

function readNow() {
  const tops = entries.map(({ place }) => place.getBoundingClientRect().top);
  const above = (line) => tops.findLastIndex((top) => top <= line);
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const named = entries.findIndex(({ place }) => place.matches(":target"));
  const inView = tops[named] > -1 && tops[named] < (atEnd ? innerHeight : innerHeight / 3);
  return entries[inView ? named : above(atEnd ? innerHeight - 1 : innerHeight / 3)];
}

if (contents) {
  let frame = 0;
  const mark = () => {
    frame = 0;
    if (contents.offsetParent === null) return; // in a closed dialog
    const now = readNow()?.link;
    for (const { link } of entries) {
      if (link === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const entry of contents.querySelectorAll(".toc-entry")) entry.classList.toggle("active", entry.contains(now ?? null));
  };
  const soon = () => (frame ||= requestAnimationFrame(mark));
  for (const change of ["scroll", "resize", "hashchange", "load"]) addEventListener(change, soon);
  document.querySelector(".secondary-toggle")?.addEventListener("click", soon);
  soon();
}

// Who reports a mistake is asked where it is: the form opens with the page and the section.
for (const report of document.querySelectorAll("a.report")) {
  const page = new URL(report.href).searchParams.get("place");
  report.addEventListener("click", () => {
    const address = new URL(report.href);
    const section = readNow()?.link.textContent.trim();
    address.searchParams.set("place", section ? `${page}, ${section}` : page);
    report.href = address;
  });
}
