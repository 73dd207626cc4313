"""What a candidate sees, and what never."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.items import presenting
from app.items.types import BY_KEY
from tests.items.bodies import CANARY, FOLDER, example, text

KEYS = list(BY_KEY)
HIDDEN_FIELDS = {
    "key",
    "reasons",
    "law_bound",
    "trial_key",
    "tolerance",
    "levels",
    "anchors",
    "sources",
    "note",
}


class Fields(HTMLParser):
    """Collects the fields of a question and what they would send as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.tags: list[str] = []
        self.labels = 0
        self.labelled: set[str] = set()
        self.unlabelled: set[str] = set()
        self.open_select = ""
        self.open_text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        name = values.get("name") or ""
        if tag == "label":
            self.labels += 1
            self.labelled.add(values.get("for") or "")
        if tag in {"input", "select", "textarea"}:
            self.names.add(name)
            if not self.labels:
                self.unlabelled.add(values.get("id") or name)
        if tag == "select":
            self.open_select = name
        if tag == "textarea":
            self.open_text = name
        if tag == "option" and "selected" in values:
            self.sent.setdefault(self.open_select, []).append(values.get("value") or "")
        if tag == "input" and (values.get("type") == "text" or "checked" in values):
            self.sent.setdefault(name, []).append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.labels -= 1
        if tag == "textarea":
            self.open_text = ""

    def handle_data(self, data: str) -> None:
        if self.open_text:
            # As browsers do, with the newline that stands first.
            self.sent.setdefault(self.open_text, []).append(data.removeprefix("\n"))


@pytest.fixture(scope="module")
def pages() -> Environment:
    """The templates as the application sets them up."""
    environment = Environment(
        loader=FileSystemLoader([FOLDER, FOLDER.parent / "templates"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: message, lambda one, other, number: one if number == 1 else other, newstyle=True
    )
    return environment


def content(key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return an item of this type whose hidden fields all hold the canary."""
    secret = text(CANARY)
    return {
        "id": CANARY,
        "type": key,
        "stem": {"kk": "Жағдай.\nЕкінші жол.\n\nТағы.\n\nСұрақ?", "ru": "Вопрос?", "en": "Question?"},
        "body": body or example(key)["body"],
        "reasons": {"key": secret, "a": secret},
        "sources": [{"act": CANARY, "article": CANARY, "edition": "2026-07-14"}],
        "rests_on": CANARY,
        "note": CANARY,
    }


def order_of(key: str) -> list[str]:
    return BY_KEY[key].option_ids(BY_KEY[key].body_model.model_validate(example(key)["body"]))


def names_in(part: object) -> set[str]:
    if isinstance(part, dict):
        return {str(name) for name in part} | {name for value in part.values() for name in names_in(value)}
    if isinstance(part, list):
        return {name for value in part for name in names_in(value)}
    return set()


def render(pages: Environment, key: str, answer: object = None, **values: object) -> str:
    question = presenting.question(content(key), "kk", order_of(key))
    return pages.get_template(presenting.template(key)).render(question=question, answer=answer, **values)


def fields(html: str) -> Fields:
    found = Fields()
    found.feed(html)
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_nothing_hidden_reaches_the_candidate(key: str, language: str) -> None:
    question = presenting.question(content(key), language, order_of(key))

    assert CANARY not in json.dumps(question)
    assert not names_in(question) & HIDDEN_FIELDS


def test_descriptors_and_anchors_stay_with_the_markers() -> None:
    body = example("essay")["body"]
    for criterion in body["criteria"]:
        for hidden in [*criterion["levels"], *criterion["anchors"]]:
            hidden["text"] = text(CANARY)

    question = presenting.question(content("essay", body), "kk", [])

    assert CANARY not in json.dumps(question)
    assert question["criteria"] == ["Дұрыс әрі пайдалы деректер"]


@pytest.mark.parametrize("key", ["single_choice", "ordering", "matching", "situational_judgement", "numeric"])
def test_what_is_shown_does_not_depend_on_the_key(key: str) -> None:
    other_keys = {
        "single_choice": "a",
        "ordering": ["d", "c", "b", "a"],
        "matching": {"l1": "r4", "l2": "r4", "l3": "r4"},
        "situational_judgement": {"a": 1, "b": 2, "c": 3, "d": 4},
        "numeric": "7",
    }
    body = example(key)["body"]
    before = presenting.question(content(key, body), "kk", order_of(key))
    after = presenting.question(content(key, body | {"key": other_keys[key]}), "kk", order_of(key))

    assert before == after


def test_last_paragraph_is_the_question() -> None:
    question = presenting.question(content("numeric"), "kk", [])

    assert question["situation"] == ["Жағдай.\nЕкінші жол.", "Тағы."]
    assert question["ask"] == "Сұрақ?"
    assert presenting.question(content("numeric"), "ru", [])["situation"] == []


@pytest.mark.parametrize("key", KEYS)
def test_page_asks_in_a_heading_inside_a_legend(pages: Environment, key: str) -> None:
    tags = fields(render(pages, key)).tags

    assert tags.count("h1") == 1
    assert tags[tags.index("h1") - 1] == "legend"
    assert tags[tags.index("legend") - 1] == "fieldset"


@pytest.mark.parametrize("key", KEYS)
def test_every_field_of_the_page_has_a_label(pages: Environment, key: str) -> None:
    found = fields(render(pages, key))

    assert found.names
    assert found.unlabelled <= found.labelled


@pytest.mark.parametrize("key", KEYS)
def test_fresh_page_sends_an_empty_answer(pages: Environment, key: str) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])

    assert BY_KEY[key].parse(body, fields(render(pages, key)).sent) is None


@pytest.mark.parametrize("key", KEYS)
def test_page_shows_a_kept_answer_so_that_sending_it_again_changes_nothing(
    pages: Environment, key: str
) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])
    kept = BY_KEY[key].key_answer(body) or "\n<b>Бір</b>\n  екі\n\n</textarea>"

    assert BY_KEY[key].parse(body, fields(render(pages, key, kept)).sent) == kept


@pytest.mark.parametrize("key", KEYS)
def test_page_shows_each_option_and_works_without_scripts(pages: Environment, key: str) -> None:
    html = render(pages, key)

    for option in presenting.question(content(key), "kk", order_of(key)).get("options", []):
        assert option["text"] in html
    assert not {"script", "style"} & set(fields(html).tags)
    assert "style=" not in html


@pytest.mark.parametrize("key", ["multiple_choice", "ordering", "matching", "situational_judgement"])
def test_remark_is_shown_where_a_type_has_one(pages: Environment, key: str) -> None:
    assert "Әлі толық емес" in render(pages, key, remark="Әлі толық емес")
    assert "note" not in render(pages, key)


def test_situation_stands_before_the_question_with_its_lines(pages: Environment) -> None:
    html = render(pages, "situational_judgement")

    assert html.index("Жағдай.\nЕкінші жол.") < html.index("<fieldset")


def test_written_answer_says_how_many_words(pages: Environment) -> None:
    html = render(pages, "essay")

    assert 'data-words-min="120"' in html
    assert 'data-words-max="180"' in html
    assert 'Words asked for: <span class="nowrap">120–180</span>' in html


@pytest.mark.parametrize("key", KEYS)
def test_many_questions_fit_on_one_page_by_what_stands_before_their_names(
    pages: Environment, key: str
) -> None:
    body = BY_KEY[key].body_model.model_validate(example(key)["body"])
    kept = BY_KEY[key].key_answer(body) or "Бір"
    html = render(pages, key, kept, prefix="5-")
    found = fields(html)

    assert all(name.startswith("5-answer") for name in found.names)
    assert all(name.startswith("5-") for name in re.findall(r' (?:id|for)="([^"]+)"', html))
    assert {"h2"} == {"h1", "h2"} & set(found.tags)
    without = {name.removeprefix("5-"): values for name, values in found.sent.items()}
    assert BY_KEY[key].parse(body, without) == kept
