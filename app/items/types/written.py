"""What short texts and essays share: words, criteria, anchors. Marked by people. Pure."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NoReturn

from pydantic import Field

from app.core.content import Strict, Text
from app.items.types.base import (
    LONGEST_TEXT,
    Form,
    Id,
    ItemType,
    MalformedAnswer,
    MarkedByPeople,
    TooLong,
    ensure,
    one_field,
)

LEVELS = range(5)
Level = Annotated[int, Field(ge=min(LEVELS), le=max(LEVELS))]


class WordRange(Strict):
    """How many words are asked for."""

    min: Annotated[int, Field(ge=1)]
    max: int


class LevelText(Strict):
    """What an answer at this level is like; or, as an anchor, an answer at this level."""

    level: Level
    text: Text


class Criterion(Strict):
    """One thing that is marked, 0-4.

    Attributes:
        levels: a descriptor for each level.
        anchors: answers to hold a script against; each level has one.
    """

    id: Id
    name: Text
    levels: list[LevelText]
    anchors: list[LevelText]


class WrittenBody(Strict):
    """A text of so many words, marked by each criterion."""

    words: WordRange
    criteria: list[Criterion]


class Written(ItemType[WrittenBody]):
    """The answer is the text, lines parted by a newline, otherwise as typed."""

    marked_by: Literal["machine", "people"] = "people"
    body_model = WrittenBody

    def problems(self, body: WrittenBody) -> list[str]:
        found = [] if body.words.min < body.words.max else ["words: min is not below max"]
        if not body.criteria:
            found.append("criteria: there is none")
        ids = [criterion.id for criterion in body.criteria]
        if len(set(ids)) < len(ids):
            found.append("criteria: an id stands twice")
        for criterion in body.criteria:
            if sorted(one.level for one in criterion.levels) != list(LEVELS):
                found.append(f"criteria {criterion.id}: not each level from 0 to 4 once")
            anchored = {anchor.level for anchor in criterion.anchors}
            found += [
                f"criteria {criterion.id}: no anchor answer for level {level}"
                for level in LEVELS
                if level not in anchored
            ]
        return found

    def option_ids(self, body: WrittenBody) -> list[str]:  # noqa: ARG002 - nothing to shuffle
        return []

    def parse(self, body: WrittenBody, form: Form) -> str | None:
        return self.validate(body, one_field(form))

    def validate(self, body: WrittenBody, answer: object) -> str | None:  # noqa: ARG002 - the words are not counted
        if answer is None:
            return None
        if not isinstance(answer, str):
            raise MalformedAnswer
        # Browsers send a form's lines with CR LF and a script's with LF.
        text = answer.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > LONGEST_TEXT:
            raise TooLong
        ensure(_can_be_stored(text))
        return text if text.strip() else None

    def key_answer(self, body: WrittenBody) -> None:  # noqa: ARG002 - no answer is the only right one
        return None

    def score(self, body: WrittenBody, answer: object) -> NoReturn:  # noqa: ARG002 - whatever they are
        raise MarkedByPeople(self.key)

    def present(self, body: WrittenBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        if order:
            message = "a text has no options"
            raise ValueError(message)
        return {
            "words": {"min": body.words.min, "max": body.words.max},
            "criteria": [criterion.name[language] for criterion in body.criteria],
        }

    def readable(self, body: WrittenBody, answer: object, language: str) -> list[str]:  # noqa: ARG002 - never translated
        text = self.validate(body, answer)
        return text.split("\n") if text else []


def _can_be_stored(text: str) -> bool:
    """Databases keep neither NUL nor half a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
