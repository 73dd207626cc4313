"""Figures: what can be read on a phone, in words for those who cannot see, and nothing from outside."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.core import svg
from app.core.figures import AnyFigure, Figure

READER: TypeAdapter[AnyFigure] = TypeAdapter(Figure)
KINDS = ("flow", "timeline", "bars", "map")


def said(words: str) -> dict[str, str]:
    return {"kk": f"{words} қазақша", "ru": f"{words} по-русски", "en": f"{words} in English"}


def raw(kind: str, words: str = "Өтініш") -> dict[str, Any]:
    """Return a sound file of a kind, all its texts beginning with `words`."""
    parts: dict[str, dict[str, Any]] = {
        "flow": {
            "steps": [
                {"text": said(words)},
                {"text": said(words), "note": said("15"), "otherwise": said("0")},
            ]
        },
        "timeline": {"points": [{"when": said("1"), "text": said(words)}] * 2},
        "bars": {
            "unit": said("мың"),
            "bars": [{"label": said(words), "value": 54321}, {"label": said("b"), "value": "9.1"}],
        },
        "map": {
            "lines": [{"kind": "river", "from": [0, 0], "to": [100, 100], "label": said("Су")}],
            "places": [
                {"at": [50, 50], "label": said("b"), "count": 4},
                {"at": [0, 100], "label": said("c")},
            ],
        },
    }
    return {"kind": kind, "title": said("Сурет"), "alt": said("Бәрі сөзбен"), **parts[kind]}


def drawn(figure: dict[str, Any], language: str = "kk") -> ET.Element:
    return ET.fromstring(svg.draw(READER.validate_python(figure), language))  # noqa: S314 - our own


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_figure_says_in_words_what_it_shows(kind: str, language: str) -> None:
    figure = drawn(raw(kind), language)
    picture, caption = figure
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == said("Бәрі сөзбен")[language]
    assert caption.text == said("Сурет")[language]


@pytest.mark.parametrize("kind", ["flow", "timeline", "bars"])
@given(
    words=st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z"]), min_size=1, max_size=200
    )
)
def test_whatever_a_text_says_it_stays_text_inside_the_frame(kind: str, words: str) -> None:
    picture = drawn(raw(kind, f"әкім {words}"))[0]
    height = int(str(picture.get("viewBox")).split()[3])
    for element in picture.iter():
        assert element.tag in {"svg", "rect", "path", "text", "circle"}
        if element.tag == "text":
            assert 0 <= float(str(element.get("y"))) <= height
        if element.tag == "rect":
            assert float(str(element.get("y"))) + float(str(element.get("height"))) <= height + 1


def test_long_texts_break_into_lines_that_fit() -> None:
    words = "ауылдық округ әкімінің аппараты жергілікті қоғамдастық жиналысының келісімімен"
    lines = [text.text or "" for text in drawn(raw("flow", words)).iter("text")]
    assert len(lines) > 3
    assert max(len(line) for line in lines) * 7 < svg.WIDTH


def test_bars_are_as_long_as_their_values() -> None:
    first, second = [float(str(bar.get("width"))) for bar in drawn(raw("bars")).iter("rect")]
    assert second < 3 < first


@pytest.mark.parametrize(("language", "shown"), [("kk", "9,1"), ("ru", "9,1"), ("en", "9.1")])
def test_numbers_follow_the_language(language: str, shown: str) -> None:
    text = " ".join(one.text or "" for one in drawn(raw("bars"), language).iter("text"))
    assert shown in text
    assert "54\u202f321" in text


def test_an_author_hears_which_text_is_too_long() -> None:
    figure = READER.validate_python(raw("flow", "ауыл " * 80))
    assert any("too long for a figure" in problem for problem in svg.problems(figure))
    assert svg.problems(READER.validate_python(raw("flow"))) == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("flow", {"steps": []}),
        ("flow", {"alt": {"kk": "тек қазақша"}}),
        ("bars", {"bars": [{"label": said("a"), "value": "many"}] * 2}),
        ("bars", {"bars": [{"label": said("a"), "value": 1.5}] * 2}),
        ("map", {"places": [{"at": [101, 0], "label": said("a")}]}),
        ("map", {"colour": "red"}),
    ],
)
def test_an_unsound_figure_is_refused(kind: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        READER.validate_python(raw(kind) | change)


def test_a_figure_names_no_colour_of_its_own() -> None:
    """Colours come from the stylesheet: dark screens and print have theirs."""
    for kind in KINDS:
        html = svg.draw(READER.validate_python(raw(kind)), "kk")
        assert not re.search(r'(fill|stroke|style)="', html)
