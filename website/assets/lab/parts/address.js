// A figure's state in the page's address, `#lab-sigmoid?w=2&b=-1`, so that a link can lead to one position.

export function readAddress(id) {
  const [name, query] = location.hash.slice(1).split("?");
  return name === id && query ? Object.fromEntries(new URLSearchParams(query)) : null;
}

export function writeAddress(id, state) {
  history.replaceState(history.state, "", `#${id}?${new URLSearchParams(state)}`);
}

/** The address of a place of the course, such as "notebooks/04-softmax#traps", from any page of the site. */
export const linkTo = (place) => (document.documentElement.dataset.content_root ?? "") + place.replace(/(?=#)|$/, ".html");
