"""Reads the folder of the course and names every problem of every file at once. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.core import svg, wording
from app.core.content import LANGUAGES, Language, Unreadable, faults, parse_yaml, read_yaml
from app.core.figures import AnyFigure, Figure
from app.core.glossary import Glossary
from app.core.markdown import FIGURE, TERM
from app.core.sources import Act, citation_problems
from app.training.files import CourseModule, FrontMatter, LessonEntry, LessonFile, ModuleFile

FENCE = "---\n"
TAKEN = frozenset({"case", "file", "roles", "search", "sheet"})
"""Parts of addresses that stand beside the keys of modules and lessons."""
FIGURES = "figures"
SUMMARY = "summary"
LESSON_WORDS: Mapping[Language, tuple[int, int]] = {"kk": (550, 1400), "ru": (600, 1400), "en": (700, 1400)}
"""Fewest and most words of a lesson's text: Kazakh says in one word what English says in three."""
SUMMARY_WORDS: Mapping[Language, tuple[int, int]] = {"kk": (120, 340), "ru": (130, 360), "en": (150, 380)}
"""What still fits one printed page."""


@dataclass(frozen=True)
class Around:
    """What the files of a course are checked against.

    Attributes:
        acts: those that may be cited, by key.
        glossary: the words that lessons may explain on tap.
        today: no edition of an act may be later.
    """

    acts: Mapping[str, Act]
    glossary: Glossary
    today: date


def load(folder: Path, around: Around) -> tuple[list[CourseModule], list[str]]:
    """Return the course in `folder`, in the order of its folders' names, and all its problems, `file: what`.

    Args:
        folder: holds `NN-module/module.yaml`, `NN-module/<file>.<language>.md`, `NN-module/summary.<language>.md`
            and `NN-module/figures/<name>.yaml`.
        around: what it is checked against.
    """
    modules: list[CourseModule] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*/module.yaml")):
        module, found = _module(path, around)
        problems += found
        if module:
            modules.append(module)
    problems += [f"module {key} stands twice" for key in _repeated(one.file.key for one in modules)]
    keys = (lesson.entry.key for module in modules for lesson in module.lessons)
    problems += [f"lesson {key} stands twice" for key in _repeated(keys)]
    for module in modules:
        names = {module.file.key, *(lesson.entry.key for lesson in module.lessons)}
        problems += [f"{name}: a page of the course has this address" for name in sorted(names & TAKEN)]
    if not modules and not problems:
        problems.append(f"{folder.name}: there is no module")
    return modules, problems


def _repeated(keys: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [key for key in keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]  # add is None


def _module(path: Path, around: Around) -> tuple[CourseModule | None, list[str]]:
    where = f"{path.parent.name}/module.yaml"
    try:
        file = ModuleFile.model_validate(read_yaml(path))
    except Unreadable as error:
        return None, [f"{where}: {error}"]
    except ValidationError as error:
        return None, [f"{where}: {fault}" for fault in faults(error)]
    texts = file.model_dump(include={"title", "summary", "outcomes", "case"})
    problems = [
        f"{where}: {text}" for text in wording.language_problems(texts) + wording.html_problems(texts)
    ]
    figures, found = _figures(path.parent)
    problems += found
    lessons = []
    expected = {"module.yaml", FIGURES}
    for entry in file.lessons:
        problems += [
            f"{where}: {entry.key}: {text}"
            for text in citation_problems(entry.sources, around.acts, today=around.today)
        ]
        problems += [f"{where}: {entry.key}: {text}" for text in _key_problems(entry)]
        expected |= {f"{entry.file}.{language}.md" for language in LANGUAGES}
        lesson, found = _lesson(path.parent, entry, figures, around.glossary)
        problems += found
        if lesson:
            lessons.append(lesson)
    summary, found = _summary(path.parent)
    problems += found
    expected |= {f"{SUMMARY}.{language}.md" for language in LANGUAGES}
    strange = {one.name for one in path.parent.iterdir()} - expected
    problems += [f"{path.parent.name}/{name}: no lesson names this file" for name in sorted(strange)]
    shown = {name for lesson in lessons for name in lesson.figures}
    problems += [
        f"{path.parent.name}/{FIGURES}/{name}.yaml: no lesson shows it"
        for name in sorted(set(figures) - shown)
    ]
    return CourseModule(file, lessons, summary), problems


def _figures(folder: Path) -> tuple[dict[str, AnyFigure], list[str]]:
    """Return the sound figures of a module by name, and every problem of every file."""
    reader: TypeAdapter[AnyFigure] = TypeAdapter(Figure)
    figures: dict[str, AnyFigure] = {}
    problems: list[str] = []
    for path in sorted((folder / FIGURES).glob("*")):
        where = f"{folder.name}/{FIGURES}/{path.name}"
        try:
            figure = reader.validate_python(read_yaml(path))
        except Unreadable as error:
            problems.append(f"{where}: {error}")
        except ValidationError as error:
            problems += [f"{where}: {fault}" for fault in faults(error)]
        else:
            figures[path.stem] = figure
            texts = figure.model_dump()
            found = svg.problems(figure) + wording.language_problems(texts) + wording.number_problems(texts)
            problems += [f"{where}: {text}" for text in found]
    return figures, problems


def _summary(folder: Path) -> tuple[dict[Language, str], list[str]]:
    texts: dict[Language, str] = {}
    problems: list[str] = []
    for language in LANGUAGES:
        path = folder / f"{SUMMARY}.{language}.md"
        try:
            texts[language] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{folder.name}/{path.name}: {_why_unread(error)}")
    if len(texts) < len(LANGUAGES):
        return {}, problems
    found = _body_problems(texts, SUMMARY_WORDS)
    return texts, problems + [f"{folder.name}/{SUMMARY}: {text}" for text in found]


def _why_unread(error: Exception) -> str:
    return "is missing" if isinstance(error, FileNotFoundError) else str(error)


def _body_problems(texts: Mapping[Language, str], lengths: Mapping[Language, tuple[int, int]]) -> list[str]:
    """Return the faults of one Markdown text in its three languages."""
    whole = {"text": dict(texts)}
    return [
        *wording.language_problems(whole),
        *wording.html_problems(whole),
        *wording.number_problems(whole),
        *wording.structure_problems(texts),
        *wording.length_problems(texts, lengths),
    ]


def _key_problems(entry: LessonEntry) -> list[str]:
    found = [
        f"check {check.key}: the answer is none of the options"
        for check in entry.checks
        if check.answer not in check.options
    ]
    return found + [f"check {key} stands twice" for key in _repeated(check.key for check in entry.checks)]


def _lesson(
    folder: Path, entry: LessonEntry, figures: Mapping[str, AnyFigure], glossary: Glossary
) -> tuple[LessonFile | None, list[str]]:
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
            problems += [f"{where}: {text}" for text in _link_problems(body[language], figures, glossary)]
    if len(body) < len(LANGUAGES):
        return None, problems
    said = {language: front[language].model_dump() for language in LANGUAGES}
    where = f"{folder.name}/{entry.file}"
    # Checks and case are the same in each language but for the words: turned inside out, they compare.
    texts = wording.by_place(said)
    found = wording.language_problems(texts) + wording.html_problems(texts) + wording.number_problems(texts)
    found += glossary.wrong_words(texts | {"text": dict(body)})
    problems += [f"{where}: {text}" for text in found + _body_problems(body, LESSON_WORDS)]
    named = {name for language in LANGUAGES for name in FIGURE.findall(body[language])}
    return LessonFile(
        entry, front, body, {name: figures[name] for name in named if name in figures}
    ), problems


def _link_problems(text: str, figures: Mapping[str, AnyFigure], glossary: Glossary) -> list[str]:
    shown = FIGURE.findall(text)
    found = [f"there is no figure {name}" for name in shown if name not in figures]
    words = dict.fromkeys(TERM.findall(text))
    found += [f"the glossary has no {key}" for key in words if key not in glossary.terms]
    if not shown and not wording.has_table(text):
        found.append("has neither figure nor table")
    return found


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
