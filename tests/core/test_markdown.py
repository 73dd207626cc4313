"""Markdown to clean HTML, and the marks of ours in it."""

from html import unescape
from html.parser import HTMLParser

import pytest

from app.core.markdown import LONGEST, render, without_marks


class Reader(HTMLParser):
    """Collects tags and values of attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.values: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.values |= {value for _, value in attrs}


FIGURE = "<figure><svg></svg><figcaption>Жол</figcaption></figure>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/a.png)",
        '<a href="#" onclick="x()">x</a>',
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    reader = Reader()
    reader.feed(render(text))
    assert reader.tags <= {"p", "a"}
    assert reader.values <= {"noopener", "#"}


def test_a_figure_stands_where_its_mark_stood() -> None:
    html = render("Бір\n\n![](figure:way)\n\nЕкі", figures={"way": FIGURE})
    assert html.index("Бір") < html.index("<figure>") < html.index("Екі")


def test_a_figure_that_is_not_there_leaves_no_trace() -> None:
    assert "figure" not in render("Бір\n\n![](figure:lost)\n\nЕкі")


def test_a_mark_inside_a_line_draws_nothing() -> None:
    assert "<figure>" not in render("Бір ![](figure:way) екі", figures={"way": FIGURE})


def test_a_word_leads_to_its_meaning_and_only_the_first_can_be_returned_to() -> None:
    html = render("[жиын](term:gathering) және [жиынды](term:gathering)")
    assert html.count('href="#term-gathering"') == 2
    assert html.count('id="word-gathering"') == 1


def test_what_changed_gets_its_heading() -> None:
    html = render("> [!2026] Бұрын **солай** еді.\n\nСоңы", changed="Не өзгерді & неге")
    assert '<aside class="changed"><p class="strong">Не өзгерді &amp; неге</p><p>Бұрын' in html
    assert "[!2026]" not in html
    assert "<blockquote>" in render("> Жай дәйексөз")


def test_groups_of_a_number_stay_together() -> None:
    assert "1\u00a0240\u00a0000 адам, 15 күн" in unescape(render("1 240 000 адам, 15 күн"))


def test_plain_text_has_neither_marks_nor_figures() -> None:
    html = render("## Бас\n\n[жиын](term:gathering) &amp; су\n\n![](figure:way)", figures={"way": FIGURE})
    assert without_marks(html) == "Бас жиын & су"


def test_a_text_longer_than_any_lesson_is_refused() -> None:
    with pytest.raises(ValueError, match="signs"):
        render("а" * (LONGEST + 1))
