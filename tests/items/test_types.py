"""Every item type, on its own example."""

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.content import Language, Strict, faults
from app.items.types import BY_KEY, TYPES
from app.items.types.base import LONGEST_TEXT, ItemType, MalformedAnswer, MarkedByPeople, TooLong
from app.items.types.numeric import LONGEST, NotANumber
from tests.items.bodies import FOLDER, example

KEYS = list(BY_KEY)
MACHINE = [item_type.key for item_type in TYPES if item_type.marked_by == "machine"]
PEOPLE = [item_type.key for item_type in TYPES if item_type.marked_by == "people"]


def lines(part: str) -> list[Any]:
    """Return (type, body, line) for each line under `part` of every example."""
    return [
        pytest.param(
            item_type,
            item_type.body_model.model_validate(example(item_type.key)["body"]),
            line,
            id=f"{item_type.key}-{number}",
        )
        for item_type in TYPES
        for number, line in enumerate(example(item_type.key)[part])
    ]


def author_is_told(item_type: ItemType[Any], raw: dict[str, Any]) -> list[str]:
    try:
        return item_type.problems(item_type.body_model.model_validate(raw))
    except ValidationError as error:
        return faults(error)


def test_registry_names_each_folder_once() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("__")}

    assert sorted(item_type.key for item_type in TYPES) == sorted(folders)


@pytest.mark.parametrize("key", KEYS)
def test_folder_holds_all_that_a_type_needs(key: str) -> None:
    files = {path.name for path in (FOLDER / key).iterdir() if path.is_file()}

    assert files == {"__init__.py", "question.html", "example.yaml"}


@pytest.mark.parametrize("key", KEYS)
def test_example_is_sound_and_tries_everything(key: str) -> None:
    written = example(key)

    assert author_is_told(BY_KEY[key], written["body"]) == []
    assert set(written) == {"body", "answers", "malformed", "forms", "malformed_forms", "wrong_bodies"}
    assert all(written.values())


@pytest.mark.parametrize(("item_type", "body", "line"), lines("answers"))
def test_answer_is_kept_and_scored(item_type: ItemType[Any], body: Strict, line: dict[str, Any]) -> None:
    kept = item_type.validate(body, line["answer"])

    assert kept == line.get("kept", line["answer"])
    assert item_type.validate(body, kept) == kept
    assert item_type.remark(body, kept) == line.get("remark")
    if item_type.marked_by == "machine":
        assert item_type.score(body, kept) == Fraction(line["earned"])


@pytest.mark.parametrize(("item_type", "body", "line"), lines("malformed"))
def test_malformed_answer_is_refused(item_type: ItemType[Any], body: Strict, line: object) -> None:
    with pytest.raises(MalformedAnswer) as refusal:
        item_type.validate(body, line)

    assert refusal.value.status == 422


@pytest.mark.parametrize(("item_type", "body", "line"), lines("malformed"))
def test_malformed_answer_is_never_scored(item_type: ItemType[Any], body: Strict, line: object) -> None:
    with pytest.raises((MalformedAnswer, MarkedByPeople)):
        item_type.score(body, line)


@pytest.mark.parametrize(("item_type", "body", "line"), lines("forms"))
def test_form_is_read(item_type: ItemType[Any], body: Strict, line: dict[str, Any]) -> None:
    assert item_type.parse(body, line["form"]) == line["kept"]


@pytest.mark.parametrize(("item_type", "body", "line"), lines("malformed_forms"))
def test_malformed_form_is_refused(
    item_type: ItemType[Any], body: Strict, line: dict[str, list[str]]
) -> None:
    with pytest.raises(MalformedAnswer):
        item_type.parse(body, line)


@pytest.mark.parametrize(("item_type", "body", "line"), lines("wrong_bodies"))
def test_author_is_told_what_is_wrong(item_type: ItemType[Any], body: Strict, line: dict[str, Any]) -> None:
    told = author_is_told(item_type, body.model_dump() | line["with"])

    assert any(line["says"] in problem for problem in told), told


@pytest.mark.parametrize("key", PEOPLE)
def test_what_people_mark_has_no_score_and_no_key(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    assert BY_KEY[key].key_answer(body) is None
    with pytest.raises(MarkedByPeople):
        BY_KEY[key].score(body, "Мәтін")


@pytest.mark.parametrize("key", PEOPLE)
def test_text_may_be_as_long_as_the_limit_and_no_longer(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])
    longest = "ә" * LONGEST_TEXT

    assert BY_KEY[key].parse(body, {"answer": [longest]}) == longest
    with pytest.raises(TooLong):
        BY_KEY[key].parse(body, {"answer": [longest + "ә"]})


@pytest.mark.parametrize("key", PEOPLE)
def test_half_a_surrogate_pair_is_refused(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    with pytest.raises(MalformedAnswer):
        BY_KEY[key].validate(body, "x\ud800")


@pytest.mark.parametrize("key", KEYS)
def test_explains_each_option_or_the_key(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])
    per_option = {"single_choice", "multiple_choice"}

    assert BY_KEY[key].reason_ids(body) == (BY_KEY[key].option_ids(body) if key in per_option else ["key"])


@pytest.mark.parametrize("key", KEYS)
def test_refuses_to_present_in_an_order_of_other_ids(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    with pytest.raises(ValueError, match=r"order|options"):
        BY_KEY[key].present(body, "kk", [*BY_KEY[key].option_ids(body), "z"])


@pytest.mark.parametrize("key", KEYS)
def test_nothing_answered_reads_as_nothing(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    assert BY_KEY[key].readable(body, None, "kk") == []
    assert BY_KEY[key].remark(body, None) is None


@pytest.mark.parametrize(
    ("key", "answer", "language", "read"),
    [
        ("single_choice", "c", "ru", ["Районный маслихат"]),
        ("multiple_choice", ["d", "a"], "en", ["The purpose of the land", "The colour of the house"]),
        ("numeric", "-1 250,5 тыс. тенге", "en", ["-1 250,5 thousand tenge"]),
        ("essay", "бір\nекі", "ru", ["бір", "екі"]),
        (
            "ordering",
            {"b": 1, "d": 2, "a": 3},
            "en",
            [
                "1. The office prepares the draft",
                "2. The maslikhat approves the budget",
                "3. The assembly agrees the draft",
                "–. The budget is carried out",
            ],
        ),
        (
            "matching",
            {"l1": "r2", "l3": "r1"},
            "en",
            [
                "Lighting of a village street → Budget of the rural district",
                "Repair of a school's roof → –",
                "A national road → National budget",
            ],
        ),
        (
            "situational_judgement",
            {"a": 4, "d": 1},
            "kk",
            [
                "Екі жақты да тыңдап, ортақ жиын өткізу – Өте пайдалы",
                "Дауды тоқтату үшін бірден шешім жариялау – –",
                "Жер санатын тексеріп, картадан көрсету – –",
                "Адамдарды қабылдамау – Зиянды",
            ],
        ),
    ],
)
def test_answer_reads_in_any_language(key: str, answer: object, language: Language, read: list[str]) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    assert BY_KEY[key].readable(body, answer, language) == read


def test_number_without_a_unit_is_read_and_shown_without() -> None:
    numeric = BY_KEY["numeric"]
    body = numeric.body_model.model_validate({"key": "2026"})

    assert numeric.present(body, "kk", []) == {"unit": ""}
    assert numeric.readable(body, "2026", "kk") == ["2026"]
    assert numeric.score(body, "2 026") == 1
    assert numeric.score(body, "2027") == 0


def test_number_padded_beyond_the_limit_is_refused() -> None:
    numeric = BY_KEY["numeric"]
    body = numeric.body_model.model_validate({"key": "1", "unit": {"kk": "га", "ru": "га", "en": "ha"}})

    def padded(signs: int) -> str:
        return "1" + " " * (signs - 3) + "га"

    assert numeric.score(body, padded(LONGEST)) == 1
    with pytest.raises(NotANumber):
        numeric.validate(body, padded(LONGEST + 1))


@pytest.mark.parametrize("key", ["ordering", "matching", "situational_judgement"])
def test_finished_answer_is_not_remarked(key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    assert BY_KEY[key].remark(body, BY_KEY[key].key_answer(body)) is None
