"""`website/ext/inline_svg.py` makes figures smaller without changing what they show."""

import base64
import io
import re

from PIL import Image

from website.ext.inline_svg import inline_svg

START = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
)


def letters(shape):
    return f'{START}<defs><path id="a" d="{shape}"/></defs><use xlink:href="#a"/></svg>'


def picture(image):
    stored = io.BytesIO()
    image.save(stored, "PNG")
    code = base64.b64encode(stored.getvalue()).decode()
    return f'{START}<image width="9" height="9" xlink:href="data:image/png;base64,{code}"/></svg>'


def test_a_shape_is_defined_once_a_page():
    known = {}
    first, second, other = (
        inline_svg(letters(shape), "alt", prefix, known)
        for shape, prefix in [("M 0 0", "f1-"), ("M 0 0", "f2-"), ("M 1 1", "f3-")]
    )
    assert 'id="f1-a"' in first
    assert "<path" not in second
    assert 'href="#f1-a"' in second
    assert 'id="f3-a"' in other


def test_without_an_earlier_figure_every_shape_stays():
    for prefix in ("f1-", "f2-"):
        assert f'id="{prefix}a"' in inline_svg(letters("M 0 0"), "alt", prefix)


def read(svg):
    return Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", svg)[1])))


def test_a_grey_picture_keeps_its_pixels_and_loses_its_channels():
    grey = Image.effect_noise((28, 28), 90)
    found = read(inline_svg(picture(grey.convert("RGBA")), "alt", "f1-"))
    assert found.mode == "L"
    assert found.tobytes() == grey.tobytes()


def test_colour_and_transparency_stay():
    for colour in [(200, 0, 0, 255), (9, 9, 9, 128)]:
        found = read(inline_svg(picture(Image.new("RGBA", (4, 4), colour)), "alt", "f1-"))
        assert found.convert("RGBA").getpixel((0, 0)) == colour
