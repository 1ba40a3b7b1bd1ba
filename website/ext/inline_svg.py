"""Make an SVG file part of a page: its own ids, its text named, matplotlib's ink in the page's colours."""

import base64
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from PIL import Image, ImageChops

XLINK = "{http://www.w3.org/1999/xlink}href"
# course/kernel/matplotlibrc draws with these; site.css gives each a brighter sibling for dark mode
SERIES = ("#0b6bb8", "#c1530b", "#1a7f4b", "#a3378f", "#8a6d00", "#555f6b")
# a grey, by its brightness from 0 to 255, becomes the first of these whose number it does not exceed
GREYS = ((0x22, "currentColor"), (0x99, "var(--fig-soft, {0})"), (0xE0, "var(--fig-grid, {0})"))
PAPER = "var(--fig-paper, #ffffff)"
# in dark mode, a colour of the lesson's own with less contrast than this to site.css's page is mixed with white
DARK_PAPER, READABLE = "#14181e", 4.5
# drawn from data through a colour map: black or white in it stands for a value, not for ink or paper
COLOUR_MAPPED = re.compile(r"^(QuadMesh|QuadContourSet|Poly3DCollection)_\d+$")
COLOUR = re.compile(r"(?<=: )#[0-9a-fA-F]{6}\b")
DECIMALS = re.compile(r"\d+\.\d{3,}")
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
# matplotlib draws letters as outlines of 100 units, scaled to their size in points
LETTERS = re.compile(r"scale\((0\.\d+) -0\.\d+\)")
SMALLEST_TEXT = 7.5  # pixels: a narrower screen lets the figure scroll instead of shrinking it further
LENGTH = re.compile(r"^([\d.]+)(pt|px|)$")
PNG = "data:image/png;base64,"


def inline_svg(source: str, alt: str, prefix: str, known: dict[str, str] | None = None) -> str:
    """Return the `<svg>` element for a page.

    `alt` becomes its accessible name, `prefix` makes its ids unique in the page. `known` is a dictionary, empty before
    the first figure of a page and passed on to the next: shapes that an earlier figure defined, mostly letters, are
    referred to instead of repeated.
    Raises ValueError when the source is not an SVG or has neither a size nor a viewBox.
    """
    try:
        root = ET.fromstring(source)
    except ET.ParseError as error:
        raise ValueError(f"not readable as SVG: {error}") from error
    _drop_namespaces(root)
    if root.tag != "svg":
        raise ValueError(f"not an SVG, its root element is <{root.tag}>")
    width, height = _size(root)
    if root.find(".//g[@id='figure_1']") is not None:
        _adopt_matplotlib(root)
        if narrowest := _narrowest(root, width):
            root.set("style", f"min-width: {narrowest}px")
    _shrink_pictures(root)
    _rename_ids(root, prefix, _drop_known(root, prefix, {} if known is None else known))
    root.attrib = {
        "class": "figure",
        "role": "img",
        "aria-label": alt,
        "viewBox": root.get("viewBox", f"0 0 {width:g} {height:g}"),
        "width": f"{width:g}",
        "height": f"{height:g}",
        **{
            name: value for name, value in root.attrib.items() if name in ("fill", "style", "stroke-linejoin")
        },
    }
    return ET.tostring(root, encoding="unicode")


def _drop_namespaces(root: ET.Element) -> None:
    """`<svg:path xlink:href>` is `<path href>` inside an HTML page."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if XLINK in element.attrib:
            element.set("href", element.attrib.pop(XLINK))
        for name in [name for name in element.attrib if name.startswith("{")]:
            del element.attrib[name]
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == "metadata"]:
            parent.remove(child)


def _size(root: ET.Element) -> tuple[float, float]:
    """Return width and height in CSS pixels."""
    found = [LENGTH.match(root.get(side, "")) for side in ("width", "height")]
    if all(found):
        width, height = (round(float(m[1]) * (4 / 3 if m[2] == "pt" else 1), 1) for m in found if m)
        return width, height
    box = NUMBERS.findall(root.get("viewBox", ""))
    if len(box) != 4:
        raise ValueError("neither width and height nor a viewBox")
    return float(box[2]), float(box[3])


def _shrink_pictures(root: ET.Element) -> None:
    """Store a grey picture without colour channels and transparency: the same pixels in half the bytes."""
    for image in root.iter("image"):
        address = re.sub(r"\s", "", image.get("href", ""))
        if not address.startswith(PNG):
            continue
        picture = Image.open(io.BytesIO(base64.b64decode(address.removeprefix(PNG)))).convert("RGBA")
        red, green, blue, opacity = picture.split()
        if (
            opacity.getextrema() != (255, 255)
            or ImageChops.difference(red, green).getbbox()
            or ImageChops.difference(red, blue).getbbox()
        ):
            continue
        stored = io.BytesIO()
        red.save(stored, "PNG", optimize=True)
        image.set("href", PNG + base64.b64encode(stored.getvalue()).decode())


def _drop_known(root: ET.Element, prefix: str, known: dict[str, str]) -> dict[str, str]:
    """Remove definitions that an earlier figure of the page has; return for each removed id the one to use instead."""
    elsewhere: dict[str, str] = {}
    used = {element.get("href") for element in root.iter()}
    for defs in root.iter("defs"):
        for path in defs.findall("path"):
            identifier = path.get("id", "")
            shape = repr(sorted((name, value) for name, value in path.attrib.items() if name != "id"))
            if shape in known:
                elsewhere[identifier] = known[shape]
                defs.remove(path)
            elif f"#{identifier}" in used:
                known[shape] = prefix + identifier
    return elsewhere


def _rename_ids(root: ET.Element, prefix: str, elsewhere: dict[str, str]) -> None:
    """Keep only ids that something refers to, each with the figure's prefix."""
    used: set[str] = set()
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "href" and value.startswith("#"):
                used.add(value[1:])
                element.set(name, f"#{elsewhere.get(value[1:], prefix + value[1:])}")
            elif "url(#" in value:
                used.update(re.findall(r"url\(#([^)]+)\)", value))
                element.set(name, value.replace("url(#", f"url(#{prefix}"))
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", prefix + str(identifier))


def _adopt_matplotlib(root: ET.Element) -> None:
    """Replace matplotlib's black and white by the page's own colours of text and ground; pictures stay as they are."""
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == "style"]:
            parent.remove(child)  # its rule for `*` would apply to every other SVG of the page
    root.attrib.pop("style", None)
    root.set("fill", "currentColor")  # text and markers without a colour of their own are black
    root.set("stroke-linejoin", "round")
    for backdrop in _backdrops(root):
        backdrop.set("style", backdrop.get("style", "").replace("fill: #ffffff", "fill: none"))
    for element in _outside_colour_maps(root):
        if "style" in element.attrib:
            element.set("style", COLOUR.sub(_theme_colour, element.get("style", "")))
    for ground in root.iterfind(".//pattern/rect"):  # what a hatched patch is filled with
        ground.set("style", COLOUR.sub(_theme_colour, f"fill: {ground.attrib.pop('fill')}"))
    _keep_colours_on_pictures(root)
    for element in root.iter():
        for name in ("d", "x", "y"):
            if name in element.attrib:
                element.set(name, DECIMALS.sub(_two_decimals, element.get(name, "")))


def _narrowest(root: ET.Element, width: float) -> int:
    """Return the width in pixels at which the smallest text is still SMALLEST_TEXT high, 0 without text."""
    sizes = [
        float(match[1]) * 100 * 4 / 3
        for element in root.iter("g")
        if (match := LETTERS.search(element.get("transform", "")))
    ]
    return round(min(width, width * SMALLEST_TEXT / min(sizes))) if sizes else 0


def _two_decimals(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def _backdrops(root: ET.Element) -> Iterator[ET.Element]:
    """Yield the first patch of the figure and of each of its axes: their white rectangles."""
    for group in root.iter("g"):
        if re.match(r"^(figure|axes)_\d+$", group.get("id", "")):
            first = next(iter(group), None)
            if first is not None and first.get("id", "").startswith("patch_"):
                yield from first.iter("path")


def _outside_colour_maps(element: ET.Element) -> Iterator[ET.Element]:
    if COLOUR_MAPPED.match(element.get("id", "")):  # its areas keep their colours; its contour lines are ink
        yield from (part for part in element.iter() if "fill: none" in part.get("style", ""))
        return
    yield element
    for child in element:
        yield from _outside_colour_maps(child)


def _theme_colour(match: re.Match[str]) -> str:
    """Map a colour to a CSS variable of the page; if it is not set (light mode) the colour stays."""
    colour = match[0].lower()
    if colour in SERIES:
        return f"var(--fig-{SERIES.index(colour) + 1}, {colour})"
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    if red == green == blue:
        return next((name.format(colour) for limit, name in GREYS if red <= limit), PAPER)
    if _contrast(colour, DARK_PAPER) < READABLE:
        return f"color-mix(in srgb, {colour}, #ffffff var(--fig-lift, 0%))"
    return colour


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _keep_colours_on_pictures(root: ET.Element) -> None:
    """Keep the colour of text on a picture, which suits the picture: black on light cells, white on dark ones."""
    for axes in root.iter("g"):
        boxes = [_picture_box(image) for image in axes.findall("./g/image") + axes.findall("./image")]
        if not boxes:
            continue
        for text in axes.findall("./g"):
            if not text.get("id", "").startswith("text_"):
                continue
            for glyphs in text.iter("g"):
                x, y = _translation(glyphs)
                if any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes):
                    style = (
                        glyphs.get("style", "").replace(PAPER, "#ffffff").replace("currentColor", "#000000")
                    )
                    glyphs.set("style", style if "fill" in style else f"fill: #000000; {style}".strip())


def _picture_box(image: ET.Element) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom.

    matplotlib scales a picture that it has not resampled with matrix(); else it moves one, then flips it with
    scale(1 -1).
    """
    if matrix := re.search(r"matrix\(([^)]*)\)", image.get("transform", "")):
        across, _, _, down, left, top = map(float, NUMBERS.findall(matrix[1]))
        right, bottom = (
            left + across * float(image.get("width", "0")),
            top + down * float(image.get("height", "0")),
        )
        return min(left, right), min(top, bottom), max(left, right), max(top, bottom)
    x, y, width, height = (float(image.get(name, "0")) for name in ("x", "y", "width", "height"))
    dx, dy = _translation(image)
    left, top = x + dx, y + dy
    if "scale(1 -1)" in image.get("transform", ""):
        top = -(top + height)
    return left, top, left + width, top + height


def _translation(element: ET.Element) -> tuple[float, float]:
    match = re.search(r"translate\(([^)]*)\)", element.get("transform", ""))
    numbers = [float(number) for number in NUMBERS.findall(match[1])] if match else []
    x, y, *_ = [*numbers, 0.0, 0.0]
    return x, y
