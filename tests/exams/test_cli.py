"""Commands of the bank."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy import func, select

from app.core.database import db
from app.core.settings import ROOT
from app.exams.models import BlueprintVersion
from app.items.models import ItemVersion
from tests.exams.builders import blueprint, text
from tests.items.test_bank import STEM, item, stimulus
from tests.items.test_functions import listed as functions_of_law
from tests.items.test_quality import file

ACTS = {
    "LGL": {
        "title": {"kk": "Заң", "ru": "Закон", "en": "Law"},
        "edition": item()["sources"][0]["edition"],
        "address": "https://zan.example/1",
    }
}
PLAN = blueprint(
    sections=[{"key": "budget", "title": text("Бюджет"), "slots": [{"count": 1, "topics": ["budget"]}]}],
    pass_rule={"kind": "thresholds", "total": "60", "sections": {"budget": "40"}},
)


def own(number: int, **changes: object) -> dict[str, Any]:
    """Return an item with words of its own."""
    words = file(number).stem.en.replace(f" {number}?", "")
    return item(id=f"bud-10{number}", stem=STEM | {"en": f"{words} and {words} 2027?"}, **changes)


def listed() -> dict[int, dict[str, Any]]:
    """Return a list of functions that nothing needs to teach."""
    return functions_of_law(open="Not needed here.", every=True)


class Content:
    """The content folder that the application reads, written by a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, place: str, what: dict[Any, Any] | str) -> None:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(what, str):
            path.write_text(what, encoding="utf-8")
            return
        with path.open("w", encoding="utf-8") as target:
            YAML(typ="safe", pure=True).dump(what, target)


@pytest.fixture
def content(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    """A sound bank of four items, three on one case, and one blueprint; a course that may be as it likes."""
    settings = replace(app.extensions["settings"], content=tmp_path)
    monkeypatch.setitem(app.extensions, "settings", settings)
    content = Content(tmp_path)
    content.put("course_content/sources.yaml", ACTS)
    content.put("course_content/glossary.yaml", "{}")
    content.put("course_content/functions.yaml", listed())
    for number in range(4):
        content.put(f"question_bank/budget/bud-10{number}.yaml", own(number))
    for number in range(4, 7):
        content.put(f"question_bank/land/bud-10{number}.yaml", own(number, topic="land", stimulus="case-1"))
    content.put("question_bank/stimuli/case-1.yaml", stimulus())
    content.put("question_bank/blueprints/exam.yaml", PLAN)
    return content


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["bank", *words])
    return done.exit_code, done.output


def stored(app: Flask) -> tuple[int | None, int | None]:
    with app.app_context():
        found = tuple(
            db.session.scalar(select(func.count()).select_from(table))
            for table in (ItemVersion, BlueprintVersion)
        )
        db.session.remove()
    return found[0], found[1]


@pytest.mark.usefixtures("content")
def test_a_sound_bank_passes(app: Flask) -> None:
    assert run(app, "check") == (
        0,
        "bank: 7 items, 1 stimuli, 1 blueprints in three languages, no problem\n",
    )


def test_all_errors_of_all_files_are_named_at_once(app: Flask, content: Content) -> None:
    content.put("question_bank/budget/bud-002.yaml", own(0, level="guess", more=1) | {"id": "bud-002"})
    content.put("question_bank/stimuli/case-2.yaml", "a: [")
    content.put("question_bank/blueprints/other.yaml", PLAN | {"minutes": 0})
    code, said = run(app, "check")

    assert code == 1
    for part in (
        "budget/bud-002.yaml: level: ",
        "budget/bud-002.yaml: more: is not known here",
        "stimuli/case-2.yaml: line ",
        "blueprints/other.yaml: minutes: ",
        "bank: 4 problems",
    ):
        assert part in said


def test_a_blueprint_that_the_bank_cannot_fill_is_an_error(app: Flask, content: Content) -> None:
    section = PLAN["sections"][0]
    content.put(
        "question_bank/blueprints/exam.yaml",
        PLAN | {"sections": [{**section, "slots": [{"count": 5, "topics": ["budget"]}]}]},
    )

    code, said = run(app, "check")
    assert code == 1
    assert "blueprints/exam.yaml: sections.budget: wants 5 items, the bank has 4 that fit" in said


def test_a_fault_of_the_bank_as_a_whole_is_an_error(app: Flask, content: Content) -> None:
    content.put("question_bank/budget/bud-109.yaml", own(0) | {"id": "bud-109"})

    code, said = run(app, "check")
    assert code == 1
    assert "bud-100 and bud-109 ask nearly the same" in said


def test_a_function_that_nobody_teaches_is_an_error(app: Flask, content: Content) -> None:
    content.put("course_content/functions.yaml", functions_of_law(open="Not needed here."))

    code, said = run(app, "check")
    assert code == 1
    assert "coverage: function 2: no lesson teaches it" in said
    assert "coverage: function 1:" not in said


@pytest.mark.usefixtures("content")
def test_the_matrix_is_printed_as_a_table_and_as_json(app: Flask) -> None:
    code, said = run(app, "coverage", "--json")
    assert (code, json.loads(said)["items"]) == (0, 7)
    code, said = run(app, "coverage")
    assert code == 0
    assert "0 modules, 0 lessons, 7 items" in said


@pytest.mark.usefixtures("content")
def test_parallel_papers_are_printed_with_what_they_share(app: Flask) -> None:
    code, said = run(app, "parallel", "exam", "--forms", "3")
    assert code == 0
    assert said.count("share 0.0%") == 3
    assert run(app, "parallel", "nothing")[0] == 2


def test_a_broken_list_of_acts_is_an_error(app: Flask, content: Content) -> None:
    content.put("course_content/sources.yaml", "LGL: 1")

    code, said = run(app, "check")
    assert code == 1
    assert "sources.yaml: LGL." in said


@pytest.mark.usefixtures("content")
def test_a_sync_may_be_run_again(app: Flask) -> None:
    assert run(app, "sync") == (0, "bank: 7 new versions, 0 retired, 1 new blueprints\n")
    assert run(app, "sync") == (0, "bank: 0 new versions, 0 retired, 0 new blueprints\n")
    assert stored(app) == (7, 1)


def test_a_bank_with_an_error_is_not_taken_in(app: Flask, content: Content) -> None:
    content.put("question_bank/blueprints/exam.yaml", PLAN | {"minutes": 0})

    assert run(app, "sync")[0] == 1
    assert stored(app) == (0, 0)


def test_the_schools_own_bank_is_sound(app: Flask) -> None:
    assert app.extensions["settings"].content == ROOT
    code, said = run(app, "check")

    assert code == 0, said
