"""Reads the folder of the course and names every problem of every file at once. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from app.core import wording
from app.core.content import (
    LANGUAGES,
    Language,
    Name,
    Strict,
    Text,
    Unreadable,
    Words,
    faults,
    parse_yaml,
    read_yaml,
)
from app.core.sources import Act, Citation, citation_problems
from app.items.files import LAST_FUNCTION, Competency

FENCE = "---\n"
LONGEST_LESSON_MINUTES = 60


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
    checks: Annotated[list[CheckKey], Field(min_length=1)]


class ModuleFile(Strict):
    """One module as its author wrote it."""

    key: Annotated[Name, Field(max_length=40)]
    title: Text
    summary: Text
    competencies: Annotated[list[Competency], Field(min_length=1)]
    lessons: Annotated[list[LessonEntry], Field(min_length=1)]


class CheckWords(Strict):
    """One quick check in one language; options and reasons by the option's key."""

    question: Words
    options: dict[str, Words]
    reasons: dict[str, Words]


class FrontMatter(Strict):
    """What stands above a lesson's text."""

    title: Words
    lead: Words
    checks: dict[str, CheckWords]


@dataclass(frozen=True)
class LessonFile:
    """One lesson in every language.

    Attributes:
        front: front matter by language.
        body: Markdown by language.
    """

    entry: LessonEntry
    front: Mapping[Language, FrontMatter]
    body: Mapping[Language, str]

    def content_hash(self) -> str:
        """Return what tells this wording from any other: SHA-256 of the canonical JSON, lower-case hex."""
        whole: dict[str, Any] = {
            "entry": self.entry.model_dump(mode="json"),
            "front": {language: self.front[language].model_dump(mode="json") for language in LANGUAGES},
            "body": {language: self.body[language] for language in LANGUAGES},
        }
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class CourseModule:
    """One module and its lessons in order."""

    file: ModuleFile
    lessons: list[LessonFile]


def load(folder: Path, acts: Mapping[str, Act], *, today: date) -> tuple[list[CourseModule], list[str]]:
    """Return the course in `folder`, in the order of its folders' names, and all its problems, `file: what`.

    Args:
        folder: holds `NN-module/module.yaml` and `NN-module/<file>.<language>.md`.
        acts: the acts that may be cited, by key.
        today: no edition of an act may be later.
    """
    modules: list[CourseModule] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*/module.yaml")):
        module, found = _module(path, acts, today)
        problems += found
        if module:
            modules.append(module)
    problems += [f"module {key} stands twice" for key in _repeated(one.file.key for one in modules)]
    keys = (lesson.entry.key for module in modules for lesson in module.lessons)
    problems += [f"lesson {key} stands twice" for key in _repeated(keys)]
    if not modules and not problems:
        problems.append(f"{folder.name}: there is no module")
    return modules, problems


def _repeated(keys: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [key for key in keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]  # add is None


def _module(path: Path, acts: Mapping[str, Act], today: date) -> tuple[CourseModule | None, list[str]]:
    where = f"{path.parent.name}/module.yaml"
    try:
        file = ModuleFile.model_validate(read_yaml(path))
    except Unreadable as error:
        return None, [f"{where}: {error}"]
    except ValidationError as error:
        return None, [f"{where}: {fault}" for fault in faults(error)]
    problems = [
        f"{where}: {text}"
        for text in wording.language_problems(file.model_dump(include={"title", "summary"}))
    ]
    lessons = []
    expected = {"module.yaml"}
    for entry in file.lessons:
        problems += [
            f"{where}: {entry.key}: {text}" for text in citation_problems(entry.sources, acts, today=today)
        ]
        problems += [f"{where}: {entry.key}: {text}" for text in _key_problems(entry)]
        expected |= {f"{entry.file}.{language}.md" for language in LANGUAGES}
        lesson, found = _lesson(path.parent, entry)
        problems += found
        if lesson:
            lessons.append(lesson)
    strange = {one.name for one in path.parent.iterdir()} - expected
    problems += [f"{path.parent.name}/{name}: no lesson names this file" for name in sorted(strange)]
    return CourseModule(file, lessons), problems


def _key_problems(entry: LessonEntry) -> list[str]:
    found = [
        f"check {check.key}: the answer is none of the options"
        for check in entry.checks
        if check.answer not in check.options
    ]
    return found + [f"check {key} stands twice" for key in _repeated(check.key for check in entry.checks)]


def _lesson(folder: Path, entry: LessonEntry) -> tuple[LessonFile | None, list[str]]:
    front: dict[Language, FrontMatter] = {}
    body: dict[Language, str] = {}
    problems: list[str] = []
    for language in LANGUAGES:
        path = folder / f"{entry.file}.{language}.md"
        where = f"{folder.name}/{path.name}"
        try:
            front[language], body[language] = _split(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            problems.append(f"{where}: is missing")
        except (Unreadable, UnicodeDecodeError) as error:
            problems.append(f"{where}: {error}")
        except ValidationError as error:
            problems += [f"{where}: {fault}" for fault in faults(error)]
        else:
            problems += [f"{where}: {text}" for text in _word_problems(entry, front[language])]
    if len(body) < len(LANGUAGES):
        return None, problems
    texts = {"text": dict(body), "lead": {language: front[language].lead for language in LANGUAGES}}
    where = f"{folder.name}/{entry.file}"
    problems += [
        f"{where}: {text}" for text in wording.language_problems(texts) + wording.html_problems(texts)
    ]
    return LessonFile(entry, front, body), problems


def _split(text: str) -> tuple[FrontMatter, str]:
    if not text.startswith(FENCE) or FENCE not in text[len(FENCE) :]:
        message = "does not begin with front matter between two lines of ---"
        raise Unreadable(message)
    front, _, body = text[len(FENCE) :].partition(FENCE)
    return FrontMatter.model_validate(parse_yaml(front)), body.strip()


def _word_problems(entry: LessonEntry, front: FrontMatter) -> list[str]:
    wanted = {check.key: set(check.options) for check in entry.checks}
    found = [f"checks: {key} is missing" for key in wanted if key not in front.checks]
    for key, words in front.checks.items():
        if key not in wanted:
            found.append(f"checks: the module knows no {key}")
        elif set(words.options) != wanted[key] or set(words.reasons) != wanted[key]:
            found.append(f"checks.{key}: options and reasons are not those of the module")
    return found
