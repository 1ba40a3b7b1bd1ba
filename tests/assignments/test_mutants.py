"""Every small change of a reference answer is noticed by its question's calls, or changes nothing and says why."""

import tomllib
from collections import Counter

import pytest
from mutation import mutants
from trying import Endless, assignment

from course.assignments import names
from course.paths import ASSIGNMENTS

QUESTIONS = [(name, question.name) for name in names() for question in assignment(name).called]
MUTANT_SEEDS = (0, 1)  # a mutant has to be noticed with each


def equivalent(name, question):
    """Return the listed mutants of a question that change nothing: {(line, became): why}."""
    path = ASSIGNMENTS / name / "equivalent.toml"
    listed = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        (entry["line"], became): entry["why"]
        for entry in listed.get(question, [])
        for became in entry["became"]
    }


def is_caught(name, question, source):
    """Tell whether an answer loses points with every seed."""
    try:
        bench = assignment(name)
        seeds = MUTANT_SEEDS[:1] if bench.trains(question) else MUTANT_SEEDS
        verdicts = [bench.judge(question, source, seed, first_fault=True) for seed in seeds]
    except (Exception, Endless):
        return True  # its cell does not even run
    return all(verdict.feedback for verdict in verdicts)


def shown(places):
    """Return mutants as equivalent.toml lists them."""
    return "".join(f"\nline = {line!r}\nbecame = [{became!r}]" for line, became in sorted(places))


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_every_mutant_is_caught_or_listed_as_no_change(name, question, record_property):
    made = list(mutants(assignment(name).answers[question]))
    survivors = {
        (mutant.line, mutant.became) for mutant in made if not is_caught(name, question, mutant.source)
    }
    twice = [place for place, times in Counter((m.line, m.became) for m in made).items() if times > 1]
    listed = equivalent(name, question)
    record_property("mutants", len(made))
    print(
        f"{name} {question}: {len(made)} mutants, {len(made) - len(survivors)} caught, {len(listed)} listed"
    )
    print(shown(survivors - set(listed)))
    assert made
    assert not set(twice) & survivors, "two mutants have the same name"
    assert shown(survivors - set(listed)) == "", "not caught: add a case, or list them in equivalent.toml"
    assert shown(set(listed) - survivors) == "", "listed in equivalent.toml, but caught or not there"
    assert all(len(why.split()) >= 4 for why in listed.values())


def test_listed_mutants_belong_to_questions():
    for name in names():
        path = ASSIGNMENTS / name / "equivalent.toml"
        if path.exists():
            listed = tomllib.loads(path.read_text(encoding="utf-8"))
            assert set(listed) <= {question.name for question in assignment(name).called}


def test_engine_makes_the_mistakes_that_people_make():
    source = """
def cost(a, y, lr=0.1):
    '''Say what it does.'''
    if a.min() < 0:
        return None
    m = a.shape[0]
    total = np.sum(np.log(a) - y, axis=1)
    total -= lr * m
    return -total / m, m
"""
    changed = {(mutant.operator, mutant.became) for mutant in mutants(source)}
    assert {
        ("operator", "return (-total * m, m)"),
        ("operands swapped", "return (m / -total, m)"),
        ("comparison", "if a.min() <= 0:"),
        ("condition turned round", "if not a.min() < 0:"),
        ("constant", "m = a.shape[1]"),
        ("constant", "def cost(a, y, lr=1.1):"),
        ("sign dropped", "return (total / m, m)"),
        ("function", "total = np.mean(np.log(a) - y, axis=1)"),
        ("function", "total = np.sum(np.log2(a) - y, axis=1)"),
        ("keyword left out", "total = np.sum(np.log(a) - y)"),
        ("call left out", "total = np.sum(a - y, axis=1)"),
        ("statement left out", "pass"),
        ("operator", "total += lr * m"),
        ("parts swapped", "return (m, -total / m)"),
    } <= changed
    sources = [mutant.source for mutant in mutants(source)]
    assert len(sources) == len(set(sources))
    assert all("Say what it does" in text for text in sources)


def test_a_hole_in_the_cases_is_seen(monkeypatch):
    """Calls at zero alone notice little of what can be wrong with a sigmoid."""
    bench = assignment("a1")
    question = bench.questions["sigmoid"]
    blind = type(question)(
        **{**vars(question), "cases": lambda rng: [question.cases(rng)[0].__class__("zero", (0.0,), 0.5)]}
    )
    monkeypatch.setitem(bench.questions, "sigmoid", blind)
    survivors = [
        mutant
        for mutant in mutants(bench.answers["sigmoid"])
        if not is_caught("a1", "sigmoid", mutant.source)
    ]
    assert len(survivors) >= 3
