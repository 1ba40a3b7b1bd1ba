"""Every small change of a reference answer is noticed by its question's calls, or changes nothing and says why."""

from collections import Counter

import pytest
from mutation import mutants
from trying import Endless, assignment, listed

from course.assignments import names

QUESTIONS = [(name, question.name) for name in names() for question in assignment(name).called]
MUTANT_SEEDS = (0, 1)  # a mutant has to be noticed with each
PARTS = 8  # into which the mutants of a question that trains are split: each takes seconds, and workers share them
SPLIT = [
    (name, question, part, parts)
    for name, question in QUESTIONS
    for parts in [PARTS if assignment(name).trains(question) else 1]
    for part in range(parts)
]


def equivalent(name, question):
    """Return the listed mutants of a question that change nothing: {(line, became): why}."""
    return {
        (entry["line"], became): entry["why"]
        for entry in listed(name, "equivalent.toml").get(question, [])
        for became in entry["became"]
    }


def is_caught(name, question, source):
    """Tell whether an answer loses points with every seed."""
    try:
        bench = assignment(name)
        seeds = MUTANT_SEEDS[:1] if bench.trains(question) else MUTANT_SEEDS
        return all(bench.judge(question, source, seed, first_fault=True).feedback for seed in seeds)
    except (Exception, Endless):
        return True  # its cell does not even run


def shown(places):
    """Return mutants as equivalent.toml lists them."""
    return "".join(f"\nline = {line!r}\nbecame = [{became!r}]" for line, became in sorted(places))


@pytest.mark.parametrize(("name", "question", "part", "parts"), SPLIT)
def test_every_mutant_is_caught_or_listed_as_no_change(name, question, part, parts, record_property):
    """Each mutant is in one part, and so is what equivalent.toml says of it; what it says of none is seen below."""
    made = list(mutants(assignment(name).answers[question]))
    tried = made[part::parts]
    places = [(mutant.line, mutant.became) for mutant in tried]
    survivors = {
        place
        for place, mutant in zip(places, tried, strict=True)
        if not is_caught(name, question, mutant.source)
    }
    twice = {place for place, times in Counter((m.line, m.became) for m in made).items() if times > 1}
    unchanged = set(equivalent(name, question)) & set(places)
    record_property("mutants", len(tried))
    print(f"{name} {question}: {len(tried)} mutants, {len(survivors)} not caught, {len(unchanged)} listed")
    print(shown(survivors - unchanged))
    assert tried
    assert not twice & survivors, "two mutants of one name"
    assert shown(survivors - unchanged) == "", "not caught: add a case, or list them in equivalent.toml"
    assert shown(unchanged - survivors) == "", "listed in equivalent.toml, but caught"


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_listed_mutants_are_made_and_say_why(name, question):
    made = {(mutant.line, mutant.became) for mutant in mutants(assignment(name).answers[question])}
    unchanged = equivalent(name, question)
    assert shown(set(unchanged) - made) == "", "listed in equivalent.toml, but not there"
    assert all(len(why.split()) >= 4 for why in unchanged.values())


@pytest.mark.parametrize("name", names())
def test_listed_mutants_belong_to_questions(name):
    assert set(listed(name, "equivalent.toml")) <= {question.name for question in assignment(name).called}


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
