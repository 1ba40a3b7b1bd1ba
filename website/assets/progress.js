// Which lessons were read to their end, kept in this browser alone: a tick in the lists, and on the start page the way on.
// A lesson is read when its section "Remember" has come into view; every lesson has one.
(() => {
  const KEY = "lessons read";
  const nameOf = (address) => new URL(address, location).pathname.match(/\/(\d\d-[\w-]+)\.html$/)?.[1];
  const load = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return new Set(Array.isArray(kept) ? kept.map(String) : []);
    } catch {
      return new Set(); // another program wrote there
    }
  };
  const store = (names) => localStorage.setItem(KEY, JSON.stringify([...names].sort()));
  const say = document.querySelector("script[data-lessons-read]").dataset;

  function tick() {
    const done = load();
    for (const link of document.querySelectorAll(".bd-docs-nav a, .lessons a")) {
      const name = nameOf(link.href);
      const was = link.querySelector(".read");
      if (done.has(name) && !was) {
        const mark = Object.assign(document.createElement("span"), { className: "read", textContent: " ✓", title: say.read });
        mark.setAttribute("role", "img");
        mark.ariaLabel = say.read;
        link.append(mark);
      } else if (!done.has(name)) was?.remove();
    }
    goOn(done);
  }

  function goOn(done) {
    const cards = [...document.querySelectorAll(".lessons a")];
    document.querySelector(".go-on")?.remove();
    const read = cards.filter((link) => done.has(nameOf(link.href)));
    if (!read.length) return;
    const next = cards.slice(cards.lastIndexOf(read.at(-1)) + 1).concat(cards).find((link) => !read.includes(link));
    const told = say.lessonsRead.replace("{read}", read.length).replace("{all}", cards.length);
    const line = Object.assign(document.createElement("p"), { className: "go-on", textContent: `${told} ` });
    if (next) {
      const title = next.firstChild.textContent;
      line.append(Object.assign(document.createElement("a"), { href: next.href, textContent: say.next.replace("{title}", title) }), " ");
    }
    const forget = Object.assign(document.createElement("button"), { type: "button", textContent: say.forget });
    forget.onclick = () => {
      store([]);
      tick();
    };
    line.append(forget);
    cards[0].closest("section").before(line);
  }

  const lesson = nameOf(location.href);
  const end = lesson && document.getElementById("remember");
  if (end && window.IntersectionObserver && !load().has(lesson)) {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      store(load().add(lesson));
      tick();
    });
    seen.observe(end.querySelector("ol") ?? end);
  }
  tick();
  addEventListener("storage", tick); // read in another tab
})();
