"""The facts, the twin, and how both are kept."""

import json

import pytest

from app.certificates import record
from app.certificates.facts import canonical_bytes, credential
from tests.certificates.examples import facts


@pytest.mark.parametrize("changes", [{}, {"margin": None}, {"sections": ()}, {"trial": False}])
def test_kept_facts_come_back_the_same(changes: dict[str, object]) -> None:
    kept = json.loads(json.dumps(record.written(facts(**changes))))
    assert record.read(kept) == facts(**changes)


def test_the_twin_states_every_fact_of_the_paper() -> None:
    text = json.dumps(credential(facts()), ensure_ascii=False)
    for fact in ("407188253014", "Мысалова Айгүл Үлгіқызы", '"73"', '"67"', '"79"', '"60"', "2026-12-12", "2026-12-18", "2028-12-12", "2026-2", "trial"):  # fmt: skip
        assert fact in text


def test_the_twin_of_an_invented_person_says_so() -> None:
    assert "sample" not in json.dumps(credential(facts()))
    assert "sample" in json.dumps(credential(facts(sample=True)))


def test_canonical_bytes_sort_keys_and_keep_letters() -> None:
    assert canonical_bytes({"b": "ә", "a": [True, "1"]}) == '{"a":[true,"1"],"b":"ә"}'.encode()


@pytest.mark.parametrize("document", [1, 1.5, None, {"ә": "1"}, ["a", 2]])
def test_what_programs_write_differently_is_refused(document: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(document)  # type: ignore[arg-type]  # the point of the test
