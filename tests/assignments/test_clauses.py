"""Points follow the text: each clause has calls that try it, and a wrong answer that only these calls notice."""

import pytest
from trying import assignment, listed

from authoring import masters, variants
from grading.judging import verdict

NAMES = masters.names()
QUESTIONS = [(name, question.name) for name in NAMES for question in assignment(name).called]
CLAUSES = [
    pytest.param(name, question, entry, id=f"{name}-{question}-{number}")
    for name in NAMES
    for question, entries in listed(name, "clauses.toml").items()
    for number, entry in enumerate(entries, 1)
]
SOURCES = {
    (v.assignment, v.question, v.name): v.source
    for name in NAMES
    for v in variants.variants(name)
    if not v.right
}


def calls_of(name, question, entry):
    return set(entry.get("calls") or (case.name for case in assignment(name).cases(question, 0)))


@pytest.mark.parametrize(("name", "question", "entry"), CLAUSES)
def test_a_clause_stands_in_the_text_and_only_its_calls_notice_the_wrong_answer(name, question, entry):
    bench = assignment(name)
    text = " ".join(" ".join(cell.source for cell in bench.master.cells).split())
    assert " ".join(entry["clause"].split()) in text
    for seed in bench.seeds(question):
        tried, outcomes = bench.outcomes(question, SOURCES[name, question, entry["wrong"]], seed)
        noticed = {
            case.name for case, outcome in zip(tried, outcomes, strict=True) if verdict.fault(case, outcome)
        }
        assert noticed
        assert noticed <= calls_of(name, question, entry)


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_every_call_belongs_to_a_clause(name, question):
    entries = listed(name, "clauses.toml")[question]
    named = set().union(*(entry.get("calls", ()) for entry in entries))
    there = {case.name for case in assignment(name).cases(question, 0)}
    assert named <= there
    assert set().union(*(calls_of(name, question, entry) for entry in entries)) == there
