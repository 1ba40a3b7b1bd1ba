"""How the search takes a question apart: on a few places of its own, each written to be found in one way."""

from typing import Any

import pytest
from asking import ask

# kind, anchor, title, text, code, asked
PLACES = [
    ["question", "stays", "My loss stays at 0.693", "That is ln 2. Nothing has been learned."],
    ["question", "ten", "My loss is 2.303 and does not move", "That is ln 10. Look at the labels."],
    ["question", "wall", "The wall", "Keras cuts probabilities at 10^-7."],
    ["question", "shape", "(n,) against (n, 1)", "A formula stretches them."],
    ["term", "softmax", "softmax", "It turns logits into shares of one whole."],
    ["section", "slope", "Where the slope went", "It has cancelled.", "a*(1-a) sigma(z)(1-sigma(z))"],
    ["section", "call", "The call", "Give tf.nn.softmax_cross_entropy_with_logits the outputs.", "val_loss"],
    ["section", "other", "The other call", "Or tf.nn.sparse_softmax_cross_entropy_with_logits."],
    ["section", "many", "Much said", "loss " * 40 + "overfitting"],
    [
        "section",
        "axis",
        "Along which axis",
        "Sum along the classes, and you get ones. The wrong one says nothing.",
    ],
    [
        "error",
        "row",
        "logits and labels must be broadcastable",
        "Integers where one-hot is due.",
        "",
        "labels_size",
    ],
    ["term", "entropy", "entropy", "Surprise.", "", "交叉熵"],
    [
        "question",
        "range",
        "My labels start at 1",
        "Subtract one.",
        "",
        "which is outside the valid range of [0, 10)",
    ],
]


def first(*queries: Any) -> list[str]:
    """Return the anchor of the first place for each query, "" if there is none."""
    answers = ask(list(queries), [["page.html", "A page", PLACES]])
    return [answer["first"][0]["address"].partition("#")[2] if answer["first"] else "" for answer in answers]


def one(query: Any) -> dict[str, Any]:
    """Return all that is found for one query."""
    (answer,) = ask([query], [["page.html", "A page", PLACES]])
    return answer


def test_numbers_match_by_value():
    assert first("2.302", "2.3026", "2.30", "0.69", "0.6931", "0,693") == ["ten"] * 3 + ["stays"] * 3
    assert first("1e-7", "10⁻⁷", "10^-7", "1e-07", "10**-7") == ["wall"] * 5
    assert first("0.31") == [""]


def test_shapes_match_without_their_blanks():
    assert first("(n,1)", "(10,1)", "( None , 1 )", "[32,1]") == ["shape"] * 4


def test_name_of_a_function_is_found_whole_by_its_parts_and_by_an_old_name():
    assert (
        first(
            "tf.nn.softmax_cross_entropy_with_logits",
            "tf.nn.softmax_cross_entropy_with_logits_v2",
            "tf.compat.v1.nn.softmax_cross_entropy_with_logits",
            "SoftmaxCrossEntropyWithLogits",
            "softmax cross entropy",
            "softmax crossentropy",
            "val_loss",
        )
        == ["call"] * 7
    )
    assert first("sparse_softmax_cross_entropy_with_logits") == ["other"]


def test_formulas_are_found_however_they_are_written():
    assert first("s(1-s)", "p * (1 - p)", "a(1−a)", "ln(10)", "log 2") == ["slope"] * 3 + ["ten", "stays"]


def test_words_match_without_their_endings_and_signs_do_not_stick():
    assert first("output", "outputs:", "cancel", "learns") == ["call", "call", "slope", "stays"]
    assert first("`softmax`", "“softmax”", "softmax(x,", "Softmax!") == ["softmax"] * 4


def test_words_that_mean_the_same():
    assert first("dim", "stuck at 2.30", "constant loss 0.69") == ["axis", "ten", "stays"]


def test_one_strange_word_empties_nothing_and_is_named():
    answer = one("kaggle softmax")
    assert answer["first"][0]["address"] == "page.html#softmax"
    assert answer["leftOut"] == ["kaggle"]
    assert one("softmax")["leftOut"] == []


def test_words_that_say_nothing_are_not_looked_up():
    assert first("why is it that my softmax does this to me") == ["softmax"]
    assert one("what is the")["first"] == []
    assert one({"text": "what is the ", "typing": True})["first"] == [], "a blank ends a word"


def test_a_rare_word_decides_and_a_long_place_does_not_win_by_repeating():
    assert first("loss overfitting", "my loss") == ["many", "stays"]


def test_misspelt_and_unfinished_words():
    assert first("sofmax", "overfiting") == ["softmax", "many"]
    assert first({"text": "softm", "typing": True}, {"text": "overf", "typing": True}) == ["softmax", "many"]


def test_only_whole_words_are_marked():
    marks = one("logit of one")["first"]
    assert {mark for place in marks for mark in place["marks"]} <= {
        "logits",
        "one",
        "one-hot",
        "ones",
        "tf.nn.softmax_cross_entropy_with_logits",
        "tf.nn.sparse_softmax_cross_entropy_with_logits",
    }
    (whole,) = [place for place in marks if place["address"] == "page.html#softmax"]
    assert whole["marks"] == ["logits", "one"], "and not the end of softmax"


def test_excerpt_is_the_sentence_that_has_the_words():
    answer = one("says nothing axis wrong")
    assert answer["first"][0]["excerpt"] == "The wrong one says nothing."


MESSAGE = "ValueError: logits and labels must be broadcastable: logits_size=[4,3] labels_size=[1,4]"
FRAMES = [
    f'  File "/usr/lib/python3/site-packages/keras/engine/training.py", line {n}, in fit' for n in range(200)
]


@pytest.mark.parametrize("between", ["\n", " ", ""], ids=["lines", "one line", "lines run together"])
def test_traceback_is_reduced_to_its_message(between: str):
    text = between.join(["Traceback (most recent call last):", *FRAMES, "    model.fit(x, y)", MESSAGE])
    answer = one(text)
    assert answer["first"][0]["address"] == "page.html#row"
    assert not set(answer["leftOut"]) & {"File", "site-packages", "training.py", "engine"}


def test_message_with_its_places_and_values():
    assert first(
        "W tensorflow/core/framework/op_kernel.cc:975] Invalid argument: Received a label value of 255 which is "
        "outside the valid range of [0, 10).  Label values: " + " ".join(map(str, range(300)))
    ) == ["range"]


def test_full_width_html_mixed_and_chinese_queries():
    assert first("ｓｏｆｔｍａｘ", "２．３０３", "（n，１）") == ["softmax", "ten", "shape"]
    assert first("<b>softmax</b>", "<script>alert('softmax')</script>") == ["softmax"] * 2
    assert first("交叉熵", "交叉", "熵", "什么是交叉熵 entropy") == ["entropy"] * 4


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", "()", "[", "\\", "*", "0x", "…", "😀", "constructor", "__proto__"]
)
def test_queries_that_ask_nothing_find_nothing_and_do_no_harm(query: str):
    assert one(query)["first"] == []


def test_long_query_is_answered():
    assert one("softmax " + "word " * 20_000)["first"][0]["address"] == "page.html#softmax"
