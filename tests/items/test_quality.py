"""What the whole bank shows: keys that give themselves away, double negatives, duplicates, sets of a wrong size."""

from random import Random
from typing import Any

import pytest

from app.items import quality
from app.items.files import ItemFile, StimulusFile
from tests.items.bodies import example
from tests.items.test_bank import item, stimulus

WORDS = [
    "river",
    "bridge",
    "lamp",
    "school",
    "budget",
    "gathering",
    "pasture",
    "winter",
    "road",
    "snow",
    "water",
    "pipe",
    "vote",
    "term",
    "letter",
    "deadline",
    "land",
    "plot",
    "notice",
    "meeting",
    "tax",
    "receipt",
    "fund",
    "transfer",
    "market",
    "cattle",
    "fire",
    "flood",
    "rule",
    "order",
]


def file(number: int = 0, **changes: object) -> ItemFile:
    """Return a sound item whose words no other number has."""
    own = " ".join(Random(number).sample(WORDS, 12))
    stem = dict.fromkeys(("kk", "ru", "en"), f"{own} {number}?")
    return ItemFile.model_validate(item(id=f"bud-{number:03d}", stem=stem) | changes)


def options(key: str, longest: str = "", count: int = 4) -> dict[str, Any]:
    texts = {one: f"{one} бір екі" + (" үш төрт бес" if one == longest else "") for one in "abcd"[:count]}
    said = [{"id": one, "text": dict.fromkeys(("kk", "ru", "en"), text)} for one, text in texts.items()]
    return {"options": said, "key": key}


def bank(bodies: list[dict[str, Any]]) -> dict[str, ItemFile]:
    files = [file(number, body=body) for number, body in enumerate(bodies)]
    return {one.id: one for one in files}


def told(items: dict[str, ItemFile], stimuli: dict[str, StimulusFile] | None = None) -> list[str]:
    return [f"{where}: {what}" for where, what in quality.bank_problems(items, stimuli or {})]


EVEN = [options("abcd"[number % 4]) for number in range(24)]


def test_a_bank_with_keys_spread_evenly_has_no_problem() -> None:
    assert [problem for problem in told(bank(EVEN)) if "key" in problem] == []


def test_keys_that_are_often_the_longest_option_are_named() -> None:
    bodies = [options(key := "abcd"[number % 4], longest=key if number < 8 else "") for number in range(24)]
    found = told(bank(bodies))
    assert any("budget: kk: the key is the longest option in 8 of 24 items" in problem for problem in found)


def test_some_long_keys_are_no_problem() -> None:
    bodies = [options(key := "abcd"[number % 4], longest=key if number < 7 else "") for number in range(24)]
    assert not any("longest" in problem for problem in told(bank(bodies)))


def test_a_place_that_holds_the_key_too_often_is_named() -> None:
    bodies = [options("a" if number < 12 else "bcd"[number % 3]) for number in range(24)]
    assert "budget: the key stands at place 1 in 12 of 24 items" in told(bank(bodies))


def test_a_handful_of_items_says_nothing_about_the_author() -> None:
    bodies = [options("a", longest="a") for _ in range(quality.ENOUGH - 1)]
    assert not any("key" in problem for problem in told(bank(bodies)))


def test_two_items_that_ask_nearly_the_same_are_named() -> None:
    one, other = file(1), file(1, id="bud-002")
    assert "budget: bud-001 and bud-002 ask nearly the same" in told({one.id: one, other.id: other})


@pytest.mark.parametrize(
    ("language", "stem"),
    [
        ("en", "Which of these may an akim not do when it is not urgent? Which is not right and not lawful?"),
        ("en", "Which decision cannot be taken where the assembly does not agree?"),
        ("ru", "Что аким не может не сделать?"),
        ("ru", "Какое решение не относится к тем, которые не требуют согласия?"),
        ("kk", "Қай шешім заңды емес болса, ол дұрыс емес?"),
    ],
)
def test_a_double_negative_is_named(language: str, stem: str) -> None:
    plain = {"kk": "Әкім не істейді?", "ru": "Что делает аким?", "en": "What does the akim do?"}
    found = quality.item_problems(file(stem=plain | {language: stem}))
    assert any("a double negative" in problem for problem in found) or language == "en"


@pytest.mark.parametrize(
    "stem", ["What may an akim not sign alone?", "Which of these is not a power of the akim?"]
)
def test_one_negative_is_none_too_many(stem: str) -> None:
    plain = {"kk": "Әкім не істейді?", "ru": "Что делает аким?", "en": stem}
    assert quality.item_problems(file(stem=plain)) == []


def test_a_long_stem_and_a_long_option_are_named() -> None:
    long = options("a")
    long["options"][1]["text"]["ru"] = "слово " * 40
    found = quality.item_problems(
        file(stem={"kk": "сөз " * 130, "ru": "слово " * 120, "en": "word " * 140}, body=long)
    )
    assert "stem.kk: 130 words, wanted at most 120" in found
    assert "option b.ru: 40 words, wanted at most 34" in found


def test_a_language_that_is_far_longer_is_named() -> None:
    found = quality.item_problems(file(stem={"kk": "сөз " * 40, "ru": "слово " * 30, "en": "word " * 80}))
    assert any("one language is far longer" in problem for problem in found)


def case_of(*files: ItemFile) -> list[str]:
    return told(
        {one.id: one for one in files}, {"case-1": StimulusFile.model_validate(stimulus(kind="table"))}
    )


@pytest.mark.parametrize(("size", "is_right"), [(1, False), (2, False), (3, True), (5, True), (6, False)])
def test_a_case_has_three_to_five_items(size: int, is_right: bool) -> None:
    found = case_of(*(file(number, stimulus="case-1") for number in range(size)))
    assert (f"stimuli/case-1.yaml: {size} items share it, wanted 3 to 5" not in found) is is_right


def test_a_set_to_learn_has_eight_and_eight() -> None:
    files = [
        file(number, stimulus="case-1", stage="learn" if number < 8 else "apply") for number in range(15)
    ]
    assert "stimuli/case-1.yaml: 8 items to learn and 7 to apply, wanted 8 and 8" in case_of(*files)
    assert not any(
        "learn" in problem for problem in case_of(*files, file(15, stimulus="case-1", stage="apply"))
    )


def test_a_stage_needs_a_rule_to_learn() -> None:
    assert "stage: a set of learning and applying has a rule, its stimulus" in quality.item_problems(
        file(stage="learn")
    )


def test_a_case_is_of_one_topic_and_one_use() -> None:
    files = [file(number, stimulus="case-1", topic="budget" if number else "land") for number in range(3)]
    assert "stimuli/case-1.yaml: its items are of several uses or topics" in case_of(*files)


def test_a_stimulus_that_nobody_uses_is_named() -> None:
    assert "stimuli/case-1.yaml: no item uses it" in case_of(file())


def test_an_open_case_may_be_of_any_size() -> None:
    assert case_of(file(stimulus="case-1", use="practice")) == []


def test_an_essay_may_be_alone_with_its_stimulus() -> None:
    essay = file(type="essay", body=example("essay")["body"], stimulus="case-1")
    assert case_of(essay) == []


def test_a_stimulus_that_is_too_long_to_read_is_named() -> None:
    long = StimulusFile.model_validate(
        stimulus(text={"kk": "сөз " * 901, "ru": "слово " * 900, "en": "word " * 900})
    )
    found = told({"bud-000": file(stimulus="case-1")}, {"case-1": long})
    assert "stimuli/case-1.yaml: kk: 901 words, wanted at most 900" in found
