"""The glossary: one list of words, and the wordings that nobody may use."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.core import glossary
from app.core.glossary import Glossary

TODAY = date(2026, 12, 1)
SOUND = """\
akim:
  term: {kk: әкім, ru: аким, en: akim}
  meaning: {kk: Ауылды басқаратын адам., ru: Тот кто ведёт село., en: Who leads a village.}
  avoid: {ru: [мэр], en: [mayor]}
assembly:
  term: {kk: жиналыс, ru: собрание, en: assembly}
  meaning: {kk: Тұрғындардың өкілдері., ru: Представители жителей., en: Delegates of residents.}
ёлка:
"""
SOUND = SOUND.replace("ёлка:\n", "")


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], tuple[Glossary, list[str]]]:
    def read(text: str) -> tuple[Glossary, list[str]]:
        (tmp_path / "glossary.yaml").write_text(text, encoding="utf-8")
        return glossary.load(tmp_path / "glossary.yaml", {}, today=TODAY)

    return read


def test_a_sound_glossary_has_no_problems(load: Callable[[str], tuple[Glossary, list[str]]]) -> None:
    words, problems = load(SOUND)
    assert problems == []
    assert [key for key, _ in words.in_order("kk")] == ["akim", "assembly"]


def test_words_stand_in_the_alphabet_of_the_language(
    load: Callable[[str], tuple[Glossary, list[str]]],
) -> None:
    text = SOUND.replace("kk: жиналыс", "kk: ақпарат").replace("kk: әкім", "kk: әкім")
    assert [key for key, _ in load(text)[0].in_order("kk")] == ["assembly", "akim"]
    assert [key for key, _ in load(text)[0].in_order("en")] == ["akim", "assembly"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  meaning: {kk: Ауылды басқаратын адам., ru: Тот кто ведёт село., en: Who leads a village.}\n", "", "akim.meaning: is missing"),
        (", en: akim}", "}", "akim.term.en: is missing"),
        ("kk: Ауылды басқаратын адам.", "kk: Человек который управляет селом и людьми.", "does not look like kk"),
        ("en: Who leads a village.", "en: Who leads 2 villages.", "the numbers differ"),
        ("en: assembly", "en: akim", "akim: stands twice (en)"),
        ("assembly:", "Assembly One:", "Assembly One: is no key"),
        ("avoid: {ru: [мэр], en: [mayor]}", "sources: [{act: XYZ, article: '1', edition: 2026-07-01}]", "there is no act XYZ"),
        ("akim:\n", "akim: {\n", "line"),
    ],
)  # fmt: skip
def test_names_what_is_wrong(
    load: Callable[[str], tuple[Glossary, list[str]]], old: str, new: str, says: str
) -> None:
    assert old in SOUND
    problems = load(SOUND.replace(old, new, 1))[1]
    assert any(says in problem for problem in problems), problems


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert glossary.load(tmp_path / "none.yaml", {}, today=TODAY)[1]


@pytest.mark.parametrize("wrong", ["Мэр решил.", "Спросите мэра."])
def test_a_wording_to_avoid_is_found_with_any_ending(
    load: Callable[[str], tuple[Glossary, list[str]]], wrong: str
) -> None:
    found = load(SOUND)[0].wrong_words(
        {"text": {"kk": "Әкім шешті.", "ru": wrong, "en": "The akim decided."}}
    )
    assert len(found) == 1
    assert "the glossary says “аким”" in found[0]


def test_a_word_inside_another_is_no_wording_to_avoid(
    load: Callable[[str], tuple[Glossary, list[str]]],
) -> None:
    assert load(SOUND)[0].wrong_words({"text": {"kk": "Әкім.", "ru": "Кашмэр", "en": "Nightmayor"}}) == []
