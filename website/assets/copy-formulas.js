// A formula that is copied comes once, as TeX between dollars, on the line of its sentence.
//
// On a page each formula is there twice: as MathML for screen readers, and as boxes for the eye. Copied by a browser,
// both come, each piece on a line of its own. KaTeX's copy-tex.js does this in the same way, but joins paragraphs.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!event.clipboardData || selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formula = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".katex");
  const [first, last] = [formula(range.startContainer), formula(range.endContainer)];
  if (first) range.setStartBefore(first); // half a formula is no formula
  if (last) range.setEndAfter(last);
  const copy = document.createElement("div");
  copy.append(range.cloneContents());
  const formulas = copy.querySelectorAll(".katex");
  if (!formulas.length) return; // the browser does it better
  for (const one of formulas) {
    const tex = one.querySelector("annotation")?.textContent.trim() ?? one.textContent;
    const display = one.closest(".katex-display");
    (display ?? one).replaceWith(display ? `$$${tex}$$` : `$${tex}$`);
  }
  for (const one of copy.querySelectorAll(".headerlink, .eqno, button, loss-lab, svg, script, style")) one.remove();
  copy.style.cssText = "position: absolute; left: -9999px; width: 60rem";
  document.body.append(copy); // a browser gives the lines of a text only where it lays it out
  const text = copy.innerText;
  copy.remove();
  event.clipboardData.setData("text/plain", text.trim());
  event.clipboardData.setData("text/html", copy.innerHTML);
  event.preventDefault();
});
