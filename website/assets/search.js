// The search page. Every word of the query must be in a section, as a whole word or a part of one, so that
// `logits` finds `from_logits`, and Chinese needs no dictionary. It makes no request, so it works from a folder too.
(() => {
  if (typeof COURSE === "undefined") return; // search-data.js did not arrive: search.html says so
  const MOST = 60;
  const { words, pages } = COURSE;
  const field = document.querySelector("#search-page input");
  const status = document.querySelector("#search-status");
  const list = document.querySelector("#search-results");

  const sections = pages.flatMap(([address, parts]) =>
    parts.map(([anchor, title, text], index) => ({
      address: index ? `${address}#${anchor}` : address,
      page: parts[0][1],
      title: index ? title : "",
      text,
      lowTitle: title.toLowerCase(),
      low: `${parts[0][1]} ${title} ${text}`.toLowerCase(),
    })),
  );

  const isWordAt = (text, start, length) =>
    !/[\p{L}\p{N}_]/u.test(text[start - 1] ?? " ") && !/[\p{L}\p{N}_]/u.test(text[start + length] ?? " ");

  // 0: a word is missing. Titles count most, whole words more than parts, many matches a little more than one.
  const score = (section, query) => {
    let total = 0;
    for (const word of query) {
      const first = section.low.indexOf(word);
      if (first < 0) return 0;
      const inTitle = section.lowTitle.indexOf(word);
      if (inTitle >= 0) total += isWordAt(section.lowTitle, inTitle, word.length) ? 20 : 10;
      let whole = 0;
      let all = 0;
      for (let at = first; at >= 0 && all < 20; at = section.low.indexOf(word, at + word.length)) {
        all += 1;
        if (isWordAt(section.low, at, word.length)) whole += 1;
      }
      total += Math.log2(1 + all) + 2 * Math.log2(1 + whole);
    }
    return total;
  };

  const marked = (text, query) => {
    const box = document.createDocumentFragment();
    const pattern = new RegExp(query.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "giu");
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      box.append(text.slice(end, match.index));
      box.append(Object.assign(document.createElement("mark"), { textContent: match[0] }));
      end = match.index + match[0].length;
    }
    box.append(text.slice(end));
    return box;
  };

  const excerpt = (text, query) => {
    const places = query.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0);
    const place = places.length ? Math.min(...places) : 0;
    const start = place < 60 ? 0 : text.indexOf(" ", place - 60) + 1;
    const stop = text.length < start + 220 ? text.length : Math.max(text.lastIndexOf(" ", start + 220), place + 40);
    return `${start ? "… " : ""}${text.slice(start, stop)}${stop < text.length ? " …" : ""}`;
  };

  const item = (section, query) => {
    const row = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: section.address });
    link.append(marked(section.title || section.page, query));
    row.append(link);
    if (section.title) row.append(Object.assign(document.createElement("span"), { className: "search-page", textContent: section.page }));
    if (section.text) {
      const text = document.createElement("p");
      text.append(marked(excerpt(section.text, query), query));
      row.append(text);
    }
    return row;
  };

  const search = () => {
    const query = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = query.length
      ? sections
          .map((section) => ({ section, points: score(section, query) }))
          .filter(({ points }) => points > 0)
          .sort((a, b) => b.points - a.points) // equal ones stay in the order of the course
      : [];
    list.replaceChildren(...found.slice(0, MOST).map(({ section }) => item(section, query)));
    const say = found.length > MOST ? words.many : found.length > 1 ? words.some : found.length ? words.one : words.none;
    status.textContent = query.length ? say.replace("{number}", found.length).replace("{most}", MOST).replace("{query}", field.value) : "";
  };

  // what was typed before this script arrived stays
  field.value ||= new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", search);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  search();
  if (!field.value) field.focus();
})();
