"""What the files of a course may say: modules, lessons, quick checks, the case. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.content import (
    LANGUAGES,
    Language,
    Name,
    Strict,
    Text,
    Words,
)
from app.core.figures import AnyFigure
from app.core.markdown import CHANGED, TERM
from app.core.sources import Citation
from app.items.files import LAST_FUNCTION, Competency

LONGEST_LESSON_MINUTES = 60
Role = Literal["deputy", "accountant", "land", "social", "clerk"]
"""Who works beside an akim: deputy, accountant, land and property, social work, clerk."""


class CheckKey(Strict):
    """One quick check's bones: its options and the right one; its words are in the lesson's files."""

    key: Name
    options: Annotated[list[Name], Field(min_length=2)]
    answer: Name


class LessonEntry(Strict):
    """One lesson as its module announces it."""

    key: Annotated[Name, Field(max_length=40)]
    file: str
    minutes: Annotated[int, Field(ge=1, le=LONGEST_LESSON_MINUTES)]
    competencies: Annotated[list[Competency], Field(min_length=1)]
    functions: list[Annotated[int, Field(ge=1, le=LAST_FUNCTION)]]
    sources: Annotated[list[Citation], Field(min_length=1)]
    checks: Annotated[list[CheckKey], Field(min_length=4)]


class CaseOpening(Strict):
    """How the case begins that runs through a module; its episodes are in the lessons."""

    title: Text
    opening: Text


class ModuleFile(Strict):
    """One module as its author wrote it.

    Attributes:
        outcomes: what a reader will be able to do.
        roles: those in an akim's team for whom it matters.
    """

    key: Annotated[Name, Field(max_length=40)]
    title: Text
    summary: Text
    outcomes: Annotated[list[Text], Field(min_length=3, max_length=7)]
    competencies: Annotated[list[Competency], Field(min_length=1)]
    roles: list[Role]
    case: CaseOpening
    lessons: Annotated[list[LessonEntry], Field(min_length=1)]


class CheckWords(Strict):
    """One quick check in one language; options and reasons by the option's key."""

    question: Words
    options: dict[str, Words]
    reasons: dict[str, Words]


class Episode(Strict):
    """What happens next in the module's case, what to decide, and how we read it; in one language."""

    story: Words
    question: Words
    answer: Words


class FrontMatter(Strict):
    """What stands above a lesson's text."""

    title: Words
    lead: Words
    checks: dict[str, CheckWords]
    case: Episode


@dataclass(frozen=True)
class LessonFile:
    """One lesson in every language.

    Attributes:
        front: front matter by language.
        body: Markdown by language.
        figures: the drawings of its text, by name.
    """

    entry: LessonEntry
    front: Mapping[Language, FrontMatter]
    body: Mapping[Language, str]
    figures: Mapping[str, AnyFigure] = field(default_factory=dict)

    def content_hash(self) -> str:
        """Return what tells this wording from any other: SHA-256 of the canonical JSON, lower-case hex."""
        whole: dict[str, Any] = {
            "entry": self.entry.model_dump(mode="json"),
            "front": {language: self.front[language].model_dump(mode="json") for language in LANGUAGES},
            "body": {language: self.body[language] for language in LANGUAGES},
            "figures": {name: figure.model_dump(mode="json") for name, figure in self.figures.items()},
        }
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def terms(self) -> list[str]:
        """Return the glossary words of the text, in the order in which they come."""
        return list(dict.fromkeys(TERM.findall(self.body["kk"])))

    def tells_of_change(self) -> bool:
        """Tell whether the text says what changed in 2026."""
        return CHANGED.search(self.body["kk"]) is not None


@dataclass(frozen=True)
class CourseModule:
    """One module, its lessons in order, and its summary (Markdown by language)."""

    file: ModuleFile
    lessons: list[LessonFile]
    summary: Mapping[Language, str] = field(default_factory=dict)
