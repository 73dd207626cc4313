"""The legal requirements as data, and what answers come to."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.candidacy import requirements
from app.candidacy.requirements import FILE, load, problems, summarise
from app.core import sources
from app.core.settings import ROOT

ACTS, _ = sources.load(ROOT / sources.FILE)
TODAY = date(2026, 12, 1)
RULES = load()


def test_the_file_is_sound() -> None:
    assert problems(FILE, ACTS, today=TODAY) == []


def test_nothing_asks_for_a_number_of_a_person() -> None:
    for rule in RULES.rules:
        for word in ("ЖСН", "ИИН", "IIN"):
            assert word not in "".join(rule.question.model_dump().values())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("act: LGL", "act: NONE", "there is no act NONE"),
        ("outcome: met\n", "outcome: perhaps\n", "outcome"),
        ("edition: 2026-07-14", "edition: 2027-07-14", "sources.yaml knows it up to"),
        ("    follows:\n      met:", "    follows:\n      show:", "nothing is said of met"),
        ("Are you a citizen of the Republic of Kazakhstan?", "", "is empty"),
        ('version: "', "version: [", "line"),
    ],
)
def test_names_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "requirements.yaml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = problems(broken, ACTS, today=TODAY)
    assert any(says in problem for problem in found), found


def test_nothing_answered_comes_to_nothing() -> None:
    summary = summarise(RULES, {})
    assert not summary.is_answered
    assert summary.papers == []
    assert len(summary.of(None)) == len(RULES.rules)


@given(st.dictionaries(st.sampled_from([rule.key for rule in RULES.rules]), st.text(max_size=5)))
def test_a_foreign_answer_counts_as_none(answers: dict[str, str]) -> None:
    for one in summarise(RULES, answers).standings:
        known = {option.key for option in one.rule.options}
        assert (one.outcome is not None) == (one.answer in known)


@given(st.data())
def test_every_rule_stands_in_exactly_one_group(data: st.DataObject) -> None:
    answers = {
        rule.key: data.draw(st.sampled_from([option.key for option in rule.options])) for rule in RULES.rules
    }
    summary = summarise(RULES, answers)
    outcomes: tuple[requirements.Outcome, ...] = ("met", "not_met", "show")
    assert summary.is_answered
    assert sum(len(summary.of(outcome)) for outcome in outcomes) == len(RULES.rules)


def test_a_paper_is_named_where_it_must_be_shown() -> None:
    shown = [
        (rule, option)
        for rule in RULES.rules
        for option in rule.options
        if option.outcome == "show" and rule.paper
    ]
    assert shown
    rule, option = shown[0]
    assert summarise(RULES, {rule.key: option.key}).papers == [rule.paper]
