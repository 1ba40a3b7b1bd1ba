"""Five questions of people who know only the start page: each is answered after at most two clicks."""

import re

from playwright.sync_api import Locator, expect

START = "book/index.html"


class Walk:
    """A reader on the start page, whose clicks are counted; typing is no click."""

    def __init__(self, visit, site):
        self.visit, self.clicks = visit, 0
        self.page = visit.open(site.url + START)

    def click(self, found) -> None:
        found.click()
        self.clicks += 1

    def way(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name).first)

    def search(self, words: str) -> Locator:
        """Ask on the start page, and return the first result."""
        self.way("I have an error or a number")
        field = self.page.locator("form.ask").get_by_role("searchbox")
        field.fill(words)
        field.press("Enter")
        return self.page.locator("#search-results a").first

    def answered(self, text: str, within: str = "main") -> None:
        expect(
            self.page.locator(within).get_by_text(re.compile(text)).locator("visible=true").first
        ).to_be_visible()
        assert self.clicks <= 2
        assert self.visit.faults == []


def test_my_keras_loss_is_2_30_and_stays(new_page, site):
    walk = Walk(new_page(), site)
    walk.way("I have an error or a number")
    field = walk.page.locator("loss-lab[kind=number]").get_by_role("textbox").first
    field.fill("2.30")
    walk.answered(r"ln 10", "loss-lab[kind=number]")
    link = walk.page.locator("loss-lab[kind=number]").get_by_role("link").first
    walk.click(link)
    walk.answered("2.303")


def test_which_loss_for_tags_on_photos(new_page, site):
    walk = Walk(new_page(), site)
    walk.way("I must choose")
    finder = walk.page.locator("loss-lab[kind=finder]")
    walk.click(finder.get_by_text("yes, or none"))
    walk.answered(r"BinaryCrossentropy\(from_logits=True\)", "loss-lab[kind=finder]")


def test_attribute_error_placeholder(new_page, site):
    walk = Walk(new_page(), site)
    result = walk.search("AttributeError: module 'tensorflow' has no attribute 'placeholder'")
    expect(result).to_contain_text("placeholder")
    walk.click(result)
    walk.answered("tf.compat.v1|an argument of a function")


def test_what_is_a_logit(new_page, site):
    walk = Walk(new_page(), site)
    result = walk.search("what is a logit")
    expect(result).to_contain_text(re.compile("logit"))
    walk.click(result)
    walk.answered("log-odds|before the sigmoid")


def test_softmax_or_sigmoid_for_two_classes(new_page, site):
    walk = Walk(new_page(), site)
    walk.way("I must choose")
    finder = walk.page.locator("loss-lab[kind=finder]")
    walk.click(finder.get_by_text("two", exact=True))
    walk.answered(r"Dense\(1\)", "loss-lab[kind=finder]")
    walk.answered("two classes, with logits z and 0")  # in the table above it
