"""The catalogues: whole in every language, and what `texts check` says when one is not."""

from pathlib import Path

import pytest
from flask import Flask

from app.core import texts
from app.core.languages import CATALOGUES, LANGUAGES

FOUND = texts.collect()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text(language: str) -> None:
    assert list(texts.lacks(language, FOUND)) == []


def test_kazakh_and_russian_say_something_of_their_own() -> None:
    for language in ("kk", "ru"):
        same = [
            one.id for one in texts.read(language) if one.id and one.id == one.string and len(one.id) > 12
        ]
        assert same == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('msgid "Next step"\nmsgstr "Келесі қадам"', 'msgid "Next step"\nmsgstr ""', "is empty"),
        (
            'msgid "Next step"\nmsgstr "Келесі қадам"',
            'msgid "Last step"\nmsgstr "Келесі қадам"',
            "not in the catalogue",
        ),
        ('msgid "Next step"', '#, fuzzy\nmsgid "Next step"', "is fuzzy"),
        ('msgstr "%(minutes)s мин"', 'msgstr "%(hours)s мин"', "has other places to fill"),
    ],
)
def test_names_what_a_language_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, says: str
) -> None:
    whole = (CATALOGUES / "kk/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    assert old in whole
    broken = tmp_path / "kk/LC_MESSAGES/messages.po"
    broken.parent.mkdir(parents=True)
    broken.write_text(whole.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path)
    assert any(says in fault for fault in texts.lacks("kk", FOUND))


def test_updating_keeps_what_is_translated(
    tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["texts", "update"]).exit_code == 0
    po = tmp_path / "ru/LC_MESSAGES/messages.po"
    po.write_text(
        po.read_text(encoding="utf-8").replace(
            'msgid "Next step"\nmsgstr ""', 'msgid "Next step"\nmsgstr "Шаг"'
        )
    )
    assert runner.invoke(args=["texts", "update"]).exit_code == 0
    words = {language: texts.read(language).get("Next step") for language in ("ru", "en")}
    assert {language: one.string for language, one in words.items() if one} == {
        "ru": "Шаг",
        "en": "Next step",
    }
    assert runner.invoke(args=["texts", "check"]).exit_code == 1
