"""The numbered list of an akim's functions."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.items import functions
from app.items.files import LAST_FUNCTION
from tests.items.test_bank import ACTS

TODAY = date(2026, 12, 1)


def listed(*, every: bool = False, **changes: object) -> dict[int, dict[str, Any]]:
    """Return a sound list; `changes` go into the first function, or into every one."""
    sound = {
        "group": "land",
        "name": {"kk": "Жол жөндеу", "ru": "Ремонт дорог", "en": "Repair of roads"},
        "sources": [{"act": "LGL", "article": "35", "edition": date(2026, 7, 14)}],
    }
    return {
        number: sound | (changes if every or number == 1 else {}) for number in range(1, LAST_FUNCTION + 1)
    }


def load(folder: Path, what: object) -> tuple[dict[int, functions.Function], list[str]]:
    path = folder / "functions.yaml"
    with path.open("w", encoding="utf-8") as target:
        YAML(typ="safe", pure=True).dump(what, target)
    return functions.load(path, ACTS, today=TODAY)


def test_a_whole_list_has_no_problem(tmp_path: Path) -> None:
    found, problems = load(tmp_path, listed(open="Not confirmed."))
    assert problems == []
    assert found[1].open
    assert found[LAST_FUNCTION].open is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"group": "magic"}, "1.group: "),
        ({"name": {"kk": "Жол", "ru": "Дорога"}}, "1.name.en: is missing"),
        ({"name": {"kk": "Жол 2", "ru": "Дорога", "en": "Road"}}, "the numbers differ"),
        ({"sources": []}, "1.sources: "),
        ({"sources": [{"act": "XYZ", "article": "1", "edition": date(2026, 7, 14)}]}, "there is no act XYZ"),
    ],
)
def test_names_what_is_wrong(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    problems = load(tmp_path, listed(**changes))[1]
    assert any(says in problem for problem in problems), problems


def test_names_what_is_missing_and_what_is_too_much(tmp_path: Path) -> None:
    numbered = listed()
    numbered[80] = numbered.pop(79)
    assert load(tmp_path, numbered)[1] == [
        "file: there is no sound function 79",
        "80: is no number of the list",
    ]


def test_a_list_that_is_no_list_is_a_problem(tmp_path: Path) -> None:
    assert load(tmp_path, ["a"])[1] == ["file: is not a list of entries by key"]
    assert functions.load(tmp_path / "none.yaml", ACTS, today=TODAY)[1]
