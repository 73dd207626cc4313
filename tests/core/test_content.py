from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.content import Strict, Text, Unreadable, faults, read_yaml


class Page(Strict):
    title: Text
    number: int


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("a: 1\na: 2\n", "line 2"),
        ("a: {kk: Не?, ru: x\n", "line"),
        ("day: 2026-13-41\n", "month"),
        ("a: \x07\n", "special characters"),
    ],
)
def test_says_why_a_file_cannot_be_read(tmp_path: Path, written: str, says: str) -> None:
    path = tmp_path / "page.yaml"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(Unreadable, match=says):
        read_yaml(path)


def test_refuses_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_bytes("kk: Әкім".encode("utf-16"))

    with pytest.raises(Unreadable, match="utf-8"):
        read_yaml(path)


def test_reads_yes_and_no_as_words(tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_text("en: no\n", encoding="utf-8")

    assert read_yaml(path) == {"en": "no"}


def test_names_every_fault_with_its_place() -> None:
    with pytest.raises(ValidationError) as error:
        Page.model_validate({"title": {"kk": "Бет", "ru": " "}, "number": "1", "more": 1})

    assert sorted(faults(error.value)) == [
        "more: is not known here",
        "number: Input should be a valid integer",
        "title.en: is missing",
        "title.ru: is empty",
    ]


def test_text_is_read_by_language() -> None:
    text = Text(kk="Бет", ru="Страница", en="Page")

    assert [text[language] for language in ("kk", "ru", "en")] == ["Бет", "Страница", "Page"]
    with pytest.raises(KeyError):
        text["de"]
