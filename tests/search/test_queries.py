"""What people typed and pasted in public leads to the place that answers."""

import tomllib
from functools import cache
from typing import Any

import pytest
from asking import HERE, ask

from course.paths import SITE
from website.ext.search_data import ANSWERS, LESSONS, SETTINGS, from_script

QUERIES = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))["query"]
KINDS = {
    "all": QUERIES,
    "kept aside": [query for query in QUERIES if query.get("aside")],
    "pasted": [query for query in QUERIES if query.get("pasted")],
}
IN_TOP_3, IN_TOP_5 = 0.90, 0.95


def address(answer: str) -> str:
    """Return where `page#anchor` of the list is; without a page it is a question."""
    page, _, anchor = answer.rpartition("#")
    folder = "notebooks" if page[:1].isdigit() or page.startswith("calls") else "book"
    return f"{folder}/{page or 'questions'}.html#{anchor}"


@cache
def found() -> dict[str, list[str]]:
    """Return the addresses that the search finds for each query, best first."""
    texts = [query["text"] for query in QUERIES]
    return {
        text: [place["address"] for place in answer["first"]]
        for text, answer in zip(texts, ask(texts), strict=True)
    }


def rank(query: dict[str, Any]) -> int:
    """Return the place of the first right answer, from 1 on, or a large number."""
    wanted = {address(answer) for answer in query["answers"]}
    places = found()[query["text"]]
    return next((number for number, place in enumerate(places, 1) if place in wanted), 1000)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("first", "share"), [(3, IN_TOP_3), (5, IN_TOP_5)])
def test_queries_lead_to_an_answer(kind: str, first: int, share: float):
    queries = KINDS[kind]
    missed = [query for query in queries if rank(query) > first]
    lines = [
        f"{' '.join(query['text'].split())[:90]!r} does not find {query['answers'][0]}" for query in missed
    ]
    print(f"{kind}: {len(queries) - len(missed)} of {len(queries)} in the top {first}", *lines, sep="\n")
    if kind == "pasted" and first == 5:
        share = IN_TOP_3  # what is asked of pasted messages is the top 3
    assert len(missed) <= (1 - share) * len(queries)


def test_list_is_long_and_from_many_threads():
    assert len(QUERIES) >= 150
    assert len({query["text"] for query in QUERIES}) == len(QUERIES)
    assert len({query["thread"] for query in QUERIES}) >= 100
    assert len(KINDS["kept aside"]) >= 40
    assert len(KINDS["pasted"]) >= 40


def test_answers_of_the_list_are_places_that_the_search_knows():
    static = SITE / "_static"
    pages = [
        page
        for name in (ANSWERS, LESSONS)
        for page in from_script((static / name).read_text(encoding="utf-8"))["pages"]
    ]
    known = {f"{page}#{anchor}" for page, _title, places in pages for _kind, anchor, *_texts in places}
    assert {address(answer) for query in QUERIES for answer in query["answers"]} - known == set()


def test_each_row_of_synonyms_names_the_query_that_needed_it():
    rows = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["en"]["synonyms"]
    assert [row for row in rows if len(row["same"]) < 2 or not row["query"]] == []
    phrases = [phrase for row in rows for phrase in row["same"]]
    assert sorted(phrases) == sorted(set(phrases)), "a phrase in two rows: join them"
