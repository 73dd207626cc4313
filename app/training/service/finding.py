"""Finding: words in the lessons; where each act is used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.core.alphabet import fold
from app.core.glossary import Glossary, TermFile
from app.items import service as items
from app.training.models import Lesson, LessonText
from app.training.service.course import catalogue

MOST_HITS = 20
SHORTEST_STEM = 4
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+")


@dataclass(frozen=True)
class Hit:
    """A lesson that a search found, with the first sentence that holds a word of it."""

    lesson: Lesson
    excerpt: str


def search(session: Session, query: str, language: str) -> list[Hit]:
    """Return the lessons that hold every word of `query`, those with it in their title first."""
    stems = _stems(query)
    if not stems:
        return []
    wanted = [LessonText.folded.contains(f" {stem}", autoescape=True) for stem in stems]
    found = session.scalars(
        select(LessonText)
        .join(Lesson)
        .where(LessonText.language == language, Lesson.retired_at.is_(None), *wanted)
        .options(defer(LessonText.html), defer(LessonText.case))
    )
    best = sorted(found, key=lambda text: _rank(text, stems))
    return [Hit(text.lesson, _excerpt(text.plain, stems)) for text in best[:MOST_HITS]]


def _stems(query: str) -> list[str]:
    """Return the beginnings of the words, two thirds of each: Kazakh and Russian words go on with endings."""
    return [word[: max(SHORTEST_STEM, len(word) * 2 // 3)] for word in fold(query).split()]


def _rank(text: LessonText, stems: Sequence[str]) -> tuple[int, int, str]:
    title = f" {fold(text.lesson.texts[text.language]['title'])}"
    in_title = sum(f" {stem}" in title for stem in stems)
    times = sum(text.folded.count(f" {stem}") for stem in stems)
    return (-in_title, -times, text.lesson_key)


def _excerpt(plain: str, stems: Sequence[str]) -> str:
    """Return the first sentence after the title that holds one of the words; the first of all if none does."""
    sentences = _SENTENCE.split(plain)[1:] or [plain]
    return next(
        (one for one in sentences if any(f" {stem}" in f" {fold(one)}" for stem in stems)), sentences[0]
    )


def find_terms(glossary: Glossary, query: str, language: str) -> list[tuple[str, TermFile]]:
    """Return the glossary words, in the alphabet of `language`, that hold every word of `query` in any language."""
    stems = _stems(query)
    return [
        (key, entry)
        for key, entry in glossary.in_order(language)
        if all(any(f" {stem}" in f" {fold(entry.term[one])}" for one in ("kk", "ru", "en")) for stem in stems)
    ]


@dataclass(frozen=True)
class Use:
    """Where one act is used.

    Attributes:
        lessons: each with the articles that it cites.
        items: how many questions of the bank rest on it.
        oldest: the oldest edition that one of them was read in.
    """

    lessons: Sequence[tuple[Lesson, Sequence[str]]]
    items: int
    oldest: date


def uses_of_acts(session: Session) -> Mapping[str, Use]:
    """Return where each act is used, by its key."""
    lessons: dict[str, dict[str, tuple[Lesson, list[str]]]] = {}
    editions: dict[str, list[date]] = {}
    for module in catalogue(session):
        for lesson in module.lessons:
            for source in lesson.meta["sources"] if lesson.retired_at is None else ():
                articles = lessons.setdefault(source["act"], {}).setdefault(lesson.key, (lesson, []))[1]
                articles.append(source["article"])
                editions.setdefault(source["act"], []).append(date.fromisoformat(source["edition"]))
    asked: dict[str, int] = {}
    for sources in items.sources(session):
        for act in {source["act"] for source in sources}:
            asked[act] = asked.get(act, 0) + 1
        for source in sources:
            editions.setdefault(source["act"], []).append(date.fromisoformat(source["edition"]))
    return {
        act: Use(list(lessons.get(act, {}).values()), asked.get(act, 0), min(days))
        for act, days in editions.items()
    }
