"""The reader of blueprints."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from app.exams import blueprints
from app.exams.blueprints import Blueprint
from tests.exams.builders import blueprint, text

BANDS = {"kind": "bands", "bar": "60", "margin": "15", "most_not_yet": 1}


def write(folder: Path, name: str, what: object) -> None:
    (folder / "blueprints").mkdir(exist_ok=True)
    path = folder / "blueprints" / name
    if isinstance(what, str):
        path.write_text(what, encoding="utf-8")
        return
    with path.open("w", encoding="utf-8") as target:
        YAML(typ="safe", pure=True).dump(what, target)


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in blueprints.load(folder)[1]]


def test_a_sound_blueprint_is_read(tmp_path: Path) -> None:
    write(tmp_path, "exam.yaml", blueprint())

    found, wrong = blueprints.load(tmp_path)

    assert wrong == []
    assert found["exam"].count == 4
    assert [section.count for section in found["exam"].sections] == [3, 1]


def test_a_bank_without_blueprints_has_no_problem(tmp_path: Path) -> None:
    assert blueprints.load(tmp_path) == ({}, [])


def test_what_is_stored_is_read_back_the_same() -> None:
    file = Blueprint.model_validate(blueprint())

    assert Blueprint.model_validate(file.model_dump(mode="json")) == file


def test_every_problem_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, "exam.yaml", blueprint(minutes=0, unknown=1))
    write(tmp_path, "other.yaml", blueprint())
    write(tmp_path, "broken.yaml", "a: [")
    write(tmp_path, "notes.txt", "anything")

    found = problems(tmp_path)

    assert any("exam.yaml: minutes: " in problem for problem in found)
    assert "blueprints/exam.yaml: unknown: is not known here" in found
    assert "blueprints/other.yaml: id: exam is not the name of the file" in found
    assert any(problem.startswith("blueprints/broken.yaml: line ") for problem in found)
    assert "blueprints/notes.txt: is not <id>.yaml, so nobody reads it" in found


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pass_rule": BANDS}, "pass_rule: exam goes by thresholds"),
        ({"kind": "suitability"}, "pass_rule: suitability goes by bands"),
        (
            {"pass_rule": {"kind": "thresholds", "total": "60", "sections": {"budget": "40"}}},
            "pass_rule.sections: there is no section budget",
        ),
        (
            {"pass_rule": {"kind": "thresholds", "total": "101", "sections": {}}},
            "pass_rule.thresholds.total: String should match pattern",
        ),
        (
            {
                "sections": [
                    {"key": "one", "title": text("Бір"), "slots": [{"count": 1, "types": ["riddle"]}]},
                    {"key": "one", "title": text("Бір"), "slots": [{"count": 1}]},
                ],
                "pass_rule": {"kind": "thresholds", "total": "60", "sections": {}},
            },
            "sections: a key stands twice",
        ),
        ({"sections": [{"key": "one", "title": text("Бір"), "slots": []}]}, "sections.0.slots: "),
        ({"title": {"kk": "Емтихан", "ru": "Экзамен"}}, "title.en: is missing"),
    ],
)
def test_contradictions_are_named(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    write(tmp_path, "exam.yaml", blueprint(**changes))

    assert any(says in problem for problem in problems(tmp_path)), problems(tmp_path)


def test_an_unknown_type_is_named(tmp_path: Path) -> None:
    sections = [{"key": "functions", "title": text("Бір"), "slots": [{"count": 1, "types": ["riddle"]}]}]
    write(tmp_path, "exam.yaml", blueprint(sections=sections))

    assert problems(tmp_path) == ["blueprints/exam.yaml: sections.functions: there is no type riddle"]
