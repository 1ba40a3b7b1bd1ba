"""Check the built site for faults that a build does not notice.

These are dead links, wrong Colab links, pictures without words, requests to other servers, unrendered markup, missing
descriptions, figures without their scripts, and a 404 page or site map that leads nowhere.

    python -m website.check [_build/html]
"""

import gzip
import re
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from course.addresses import repository
from course.paths import ROOT, SITE
from website.budget import FIGURE_BYTES, SEARCH_BYTES
from website.ext.digests import digest
from website.ext.lab_bundle import SHARED, file_name
from website.ext.search_data import ANSWERS, LESSONS, from_script

COLAB = "https://colab.research.google.com/"
SHORTEST_ALT = 20  # characters; a shorter text says what a picture is, not what it shows
DESCRIPTION = range(40, 161)  # characters; search engines cut at about 160
NOT_FOUND = "404.html"
ENTRANCE = "index.html"  # leads on to the start page
UNLISTED = {NOT_FOUND, ENTRANCE, "search.html"}  # pages that the site map leaves out
PACKED = {".woff2", ".png", ".jpg", ".webp"}  # gzip does nothing for these
LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
}
LINK_LOADS = {"stylesheet", "preload", "modulepreload", "icon", "preconnect", "dns-prefetch", "manifest"}
CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)|@import\s+['"]([^'"]+)['"]""")
# what Markdown or LaTeX leaves behind when nothing has rendered it
UNRENDERED = {
    "a directive": re.compile(r"^\s*(?:`{3,}|:{3,})\s*\{[a-z][\w:-]*\}", re.MULTILINE),
    "a role": re.compile(r"\{[a-z][\w:-]*\}`[^`\n]+`"),
    "a formula": re.compile(r"\$\$|\\(?:begin|end)\{|\\(?:frac|sigma|sum|log|tag)\b"),
    "code between backticks": re.compile(r"`[^`\n]+`"),  # Markdown inside <summary>: write <code> there
    "an aside's asterisks": re.compile(r"\*\*[^\s*][^*\n]*\*\*"),
}


@cache
def soup(page: Path) -> BeautifulSoup:
    """Return the parsed page."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page that a link can lead to."""
    return frozenset(
        str(tag.get(name)) for name in ("id", "name") for tag in soup(page).find_all(attrs={name: True})
    )


def external(address: str) -> bool:
    """Tell whether an address leaves the site."""
    return address.startswith("//") or urlsplit(address).scheme in ("http", "https")


def target_fault(origin: Path, address: str) -> str:
    """Return what is wrong with a relative address in the file `origin`, or nothing."""
    parts = urlsplit(address)
    if parts.scheme or address.startswith("//"):
        return ""
    if not address:
        return "an empty address leads to the page itself"
    if parts.path.startswith("/"):
        return "an absolute path does not work below a sub-path or from a folder"
    target = (origin.parent / unquote(parts.path)).resolve() if parts.path else origin.resolve()
    if target.is_dir():
        return "a folder is not a page when the site is opened without a server"
    if not target.is_file():
        return "no such file"
    if parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target):
        return "no such anchor in that page"
    return ""


def links(page: Path) -> list[str]:
    """Check that every link, script, style and picture of a page is there."""
    faults = []
    for tag in soup(page).find_all(True):
        for name in ("href", "src", "action"):
            address = str(tag.get(name) or "").strip()
            if tag.get(name) is not None and (fault := target_fault(page, address)):
                faults.append(f"<{tag.name} {name}={address!r}>: {fault}")
        faults += [
            f"srcset {part.split()[0]!r}: {fault}"
            for part in str(tag.get("srcset") or "").split(",")
            if part.strip() and (fault := target_fault(page, part.split()[0]))
        ]
        refresh = re.search(r"url=(.+)$", str(tag.get("content") or "")) if tag.get("http-equiv") else None
        if refresh and (fault := target_fault(page, refresh[1])):
            faults.append(f"the page redirects to {refresh[1]!r}: {fault}")
    return faults


def style_addresses(sheet: Path) -> list[str]:
    """Check what a style sheet loads: it has to be there, and on this site."""
    faults = []
    for match in CSS_URL.finditer(sheet.read_text(encoding="utf-8")):
        address = match[1] or match[2]
        if external(address):
            faults.append(f"loads {address!r} from another server")
        elif not address.startswith(("data:", "#")) and (fault := target_fault(sheet, address)):
            faults.append(f"url({address}): {fault}")
    return faults


def digests(page: Path, site: Path) -> list[str]:
    """Check that whatever a page loads from _static has its digest in the address, so that no two releases mix."""
    faults = []
    for tag in soup(page).find_all(["script", "link", "img"]):
        address = str(tag.get("src") or tag.get("href") or "")
        _, folder, name = urlsplit(address).path.rpartition("_static/")
        file = site / folder / unquote(name)
        if folder and file.is_file() and f"?v={digest(file)}" not in address:
            faults.append(f"<{tag.name}> loads {address!r} without the digest of what is there")
    return faults


def third_party(page: Path) -> list[str]:
    """Check that opening a page asks no other server for anything; links may lead anywhere."""
    faults = []
    for tag in soup(page).find_all(True):
        addresses = [str(tag.get(LOADS[tag.name]) or "")] if tag.name in LOADS else []
        addresses += [str(tag.get("srcset") or "")]
        if tag.name == "link" and LINK_LOADS & set(tag.get("rel") or []):
            addresses.append(str(tag.get("href") or ""))
        if tag.name in ("image", "use"):
            addresses.append(str(tag.get("href") or tag.get("xlink:href") or ""))
        styles = str(tag.get("style") or "") + (tag.get_text() if tag.name == "style" else "")
        addresses += [match[1] or match[2] for match in CSS_URL.finditer(styles)]
        faults += [f"<{tag.name}> loads {address!r}" for address in addresses if external(address)]
        if tag.name == "script" and not tag.get("src"):
            faults += [
                f"a script names {found!r}"
                for found in re.findall(r"https?://[^\s\"'`]+\.m?js\b", tag.get_text())
            ]
    return faults


def colab_links(page: Path, site: Path, address: str, branch: str) -> list[str]:
    """Check that a lesson opens itself on Colab, and that no other page offers to open something."""
    name = page.relative_to(site).with_suffix(".ipynb").as_posix()
    found = [
        str(tag["href"]) for tag in soup(page).find_all("a", href=True) if str(tag["href"]).startswith(COLAB)
    ]
    buttons = [
        str(tag["href"])
        for tag in soup(page).select(".article-header-buttons a[href]")
        if str(tag["href"]).startswith(COLAB)
    ]
    wanted = f"{COLAB}github/{address.removeprefix('https://github.com/')}/blob/{branch}/{name}"
    if not name.startswith("notebooks/"):
        faults = [f"not a notebook, yet its header opens {link}" for link in buttons]
    elif not buttons:
        faults = ["a lesson without a button for Colab"]
    else:
        faults = [f"the button for Colab opens {link}, not {wanted}" for link in buttons if link != wanted]
    prefix = wanted.removesuffix(name)
    for link in found:
        if link.startswith(f"{COLAB}github/") and not link.startswith(prefix):
            faults.append(f"{link} is not in the repository and branch of _config.yml")
        elif link.startswith(prefix) and not (ROOT / unquote(link.removeprefix(prefix))).is_file():
            faults.append(f"{link}: this repository has no such file")
    return faults


def pictures(page: Path) -> list[str]:
    """Check that every picture says in words what it shows."""
    faults = []
    for tag in soup(page).find_all(["img", "svg"]):
        if hidden(tag) or tag.find_parent("svg") or tag.find_parent(class_="katex"):
            continue  # decoration, or part of a formula that is also there as MathML
        words = " ".join(str(tag.get("alt" if tag.name == "img" else "aria-label") or "").split())
        what = f"<{tag.name}> {str(tag.get('src') or '')[:60]}".strip()
        if not words:
            faults.append(f"{what}: no alt text")
        elif re.search(r"\.(?:png|jpe?g|gif|svg|webp)$", words, re.IGNORECASE) or "_images/" in words:
            faults.append(f"{what}: a file name as alt text, {words!r}")
        elif len(words) < SHORTEST_ALT:
            faults.append(f"{what}: {words!r} is too short to say what the picture shows")
    return faults


def hidden(tag: Tag) -> bool:
    """Tell whether assistive technology skips an element."""
    return any(
        str(element.get("aria-hidden")) == "true"
        for element in [tag, *tag.parents]
        if isinstance(element, Tag)
    )


def leftovers(page: Path) -> list[str]:
    """Check that all markup was rendered: no KaTeX error, no directive, role or formula as its source."""
    faults = [f"KaTeX error: {tag.get_text()[:80]!r}" for tag in soup(page).select(".katex-error")]
    faults += [
        f"error message: {tag.get_text(' ')[:80]!r}"
        for tag in soup(page).select(".system-message, .problematic")
    ]
    article = soup(page).find("article") or soup(page).body
    skipped = {"pre", "code", "script", "style", "annotation", "template"}
    texts = (
        [str(text) for text in article.find_all(string=True) if not skipped & {p.name for p in text.parents}]
        if article
        else []
    )
    for what, pattern in UNRENDERED.items():
        faults += [
            f"{what} was not rendered: {match[0][:60]!r}" for text in texts if (match := pattern.search(text))
        ]
    return faults


def head(page: Path, site: Path, address: str) -> list[str]:
    """Check language, title, description and canonical address; `address` is that of the site."""
    faults = []
    html, headings = soup(page).find("html"), soup(page).find_all("h1")
    if not html or not html.get("lang"):
        faults.append("<html> names no language")
    if len(headings) != 1:
        faults.append(f"{len(headings)} <h1>, not one")
    if not soup(page).title or not soup(page).title.get_text().strip():
        faults.append("no <title>")
    texts = [
        str(tag.get("content") or "") for tag in soup(page).find_all("meta", attrs={"name": "description"})
    ]
    if len(texts) != 1:
        faults.append(f"{len(texts)} descriptions, not one")
    faults += [
        f"a description of {len(text)} characters, wanted {DESCRIPTION[0]} to {DESCRIPTION[-1]}: {text!r}"
        for text in texts
        if len(text) not in DESCRIPTION
    ]
    wanted = address + ("book/index.html" if page == site / ENTRANCE else page.relative_to(site).as_posix())
    found = [str(tag.get("href")) for tag in soup(page).find_all("link", rel="canonical")]
    if found != [wanted]:
        faults.append(f"canonical address {found}, not {wanted}")
    return faults


def same_descriptions(pages: list[Path], site: Path) -> list[str]:
    """Check that no two pages describe themselves in the same words."""
    told = defaultdict(list)
    for page in pages:
        for tag in soup(page).find_all("meta", attrs={"name": "description"}):
            told[str(tag.get("content"))].append(page.relative_to(site).as_posix())
    return [f"{', '.join(names)}: the same description" for names in told.values() if len(names) > 1]


@cache
def size(path: Path) -> int:
    """Return how many bytes of a file go over the network."""
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data))


def figure_scripts(page: Path) -> list[Path]:
    """Return the scripts of interactive figures that a page loads, in their order."""
    found = (urlsplit(str(tag["src"])).path for tag in soup(page).find_all("script", src=True))
    stem = SHARED.removesuffix(".js")
    return [page.parent / unquote(path) for path in found if path.rpartition("/")[2].startswith(stem)]


def figures(page: Path) -> list[str]:
    """Check that a page loads the scripts of its figures and no others, the shared one first, and how much that is."""
    elements = soup(page).find_all("loss-lab")
    at_once = {file_name(str(tag.get("kind") or "")) for tag in elements if not tag.get("src")}
    wanted = {SHARED, *at_once} if elements else set()
    loaded = figure_scripts(page)
    names = [path.name for path in loaded]
    faults = [f"{name} is loaded by a page that shows no such figure" for name in names if name not in wanted]
    faults += [f"a figure cannot be shown: {name} is not loaded" for name in sorted(wanted - set(names))]
    if SHARED in names[1:]:
        faults.append(f"{SHARED} has to be the first of the figures' scripts")
    if (total := sum(size(path) for path in loaded if path.is_file())) >= FIGURE_BYTES:
        faults.append(
            f"the figures' scripts come to {total:,} bytes gzip, which is not below {FIGURE_BYTES:,}"
        )
    return faults


def not_found_links(page: Path, site: Path, address: str) -> list[str]:
    """Check the 404 page: a server shows it at any depth, so its links begin at the root of the server."""
    root, faults = urlsplit(address).path, []
    for tag in soup(page).find_all(True):
        for name in ("href", "src", "action"):
            link = str(tag.get(name) or "")
            if not link or link.startswith("#") or external(link):
                continue
            if not link.startswith(root):
                faults.append(f"<{tag.name} {name}={link!r}> does not begin with {root}")
            elif not (site / unquote(urlsplit(link).path).removeprefix(root)).is_file():
                faults.append(f"<{tag.name} {name}={link!r}>: no such file")
    return faults


def site_map(pages: list[Path], site: Path, address: str) -> list[str]:
    """Check that sitemap.xml lists every page that search engines should find, and nothing else."""
    path = site / "sitemap.xml"
    if not path.is_file():
        return ["sitemap.xml: missing"]
    listed = set(re.findall(r"<loc>([^<]*)</loc>", path.read_text(encoding="utf-8")))
    names = {page.relative_to(site).as_posix() for page in pages} - UNLISTED
    wanted = {address + name for name in names}
    return [f"sitemap.xml: {link} is missing" for link in sorted(wanted - listed)] + [
        f"sitemap.xml: {link} is not a page" for link in sorted(listed - wanted)
    ]


def search_targets(site: Path) -> list[str]:
    """Check that whatever the search can find is there, and that its data stay small enough for a phone."""
    faults, total = [], 0
    for script in (ANSWERS, LESSONS):
        path = site / "_static" / script
        if not path.is_file():
            faults.append(f"_static/{script}: missing, the search finds nothing")
            continue
        total += size(path)
        faults += [
            f"search: {name}#{anchor}: {fault}"
            for name, _title, places in from_script(path.read_text(encoding="utf-8"))["pages"]
            for _kind, anchor, *_texts in places
            if (fault := target_fault(site / "search.html", f"{name}#{anchor}"))
        ]
    if total > SEARCH_BYTES:
        faults.append(f"the data of the search come to {total:,} bytes gzip, more than {SEARCH_BYTES:,}")
    return faults


def site_address(site: Path) -> str:
    """Return the address that the site will have, as its start page says."""
    start = site / "book" / "index.html"
    link = soup(start).find("link", rel="canonical") if start.is_file() else None
    return str(link.get("href")).removesuffix("book/index.html") if link else ""


def check(site: Path) -> list[str]:
    """Return all faults of a built site, one line each, with the file in front."""
    pages = [
        page
        for page in sorted(site.rglob("*.html"))
        if "_static" not in page.parts and "_sources" not in page.parts
    ]
    if not pages:
        return [f"{site}: no pages here; run `make book` first"]
    repository_address, branch = repository()
    address = site_address(site)
    faults = same_descriptions(pages, site) + site_map(pages, site, address) + search_targets(site)
    for page in pages:
        found = (
            (not_found_links(page, site, address) if page == site / NOT_FOUND else links(page))
            + head(page, site, address)
            + figures(page)
            + third_party(page)
            + digests(page, site)
            + colab_links(page, site, repository_address, branch)
            + pictures(page)
            + leftovers(page)
        )
        faults += [f"{page.relative_to(site)}: {fault}" for fault in found]
    for sheet in sorted(site.rglob("*.css")):
        faults += [f"{sheet.relative_to(site)}: {fault}" for fault in style_addresses(sheet)]
    return faults


def main(arguments: list[str]) -> int:
    """Print the faults; return 1 when there are any."""
    site = Path(arguments[0]) if arguments else SITE
    faults = check(site.resolve())
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults in {site}" if faults else f"{site}: no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
