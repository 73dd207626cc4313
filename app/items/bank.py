"""Reads the item bank's folder and names every problem of every file at once. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from app.core import svg, wording
from app.core.content import Strict, Unreadable, faults, read_yaml
from app.core.glossary import Glossary
from app.core.sources import Act, citation_problems
from app.items import quality
from app.items.files import ItemFile, StimulusFile
from app.items.types import BY_KEY

STIMULI = "stimuli"
BLUEPRINTS = "blueprints"
"""Read by the room of exams."""

NO_WORDS = Glossary({})

File = TypeVar("File", bound=Strict)


@dataclass(frozen=True)
class Problem:
    """Something that keeps the bank from being used.

    Attributes:
        where: the file, from the folder of the bank on.
        what: what is wrong, in English, for its author.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Bank:
    """The files that could be read, by id. To be used only when there is no problem."""

    items: Mapping[str, ItemFile]
    stimuli: Mapping[str, StimulusFile]

    def stimulus_of(self, item: ItemFile) -> StimulusFile | None:
        """Return the stimulus that the item uses."""
        return self.stimuli[item.stimulus] if item.stimulus else None


@dataclass(frozen=True)
class _Around:
    """What a file is checked against."""

    acts: Mapping[str, Act]
    glossary: Glossary
    stimuli: Mapping[str, StimulusFile]
    today: date


def load(
    folder: Path, acts: Mapping[str, Act], *, today: date, glossary: Glossary = NO_WORDS
) -> tuple[Bank, list[Problem]]:
    """Return the bank in `folder` and all its problems by file; no problem means that it is sound.

    Args:
        folder: holds `<topic>/<id>.yaml` and `stimuli/<id>.yaml`; `blueprints/` is left alone.
        acts: the acts that may be cited, by key.
        today: no edition of an act may be later.
        glossary: the words of the office, and which wordings to avoid.
    """
    problems = list(_strange_files(folder))
    stimuli: dict[str, StimulusFile] = {}
    items: dict[str, ItemFile] = {}
    for path in sorted((folder / STIMULI).glob("*.yaml")):
        stimulus, what = _read(path, StimulusFile)
        if stimulus:
            stimuli[path.stem] = stimulus
            what += _stimulus_problems(stimulus, _Around(acts, glossary, {}, today))
        problems += [Problem(f"{STIMULI}/{path.name}", text) for text in what]
    around = _Around(acts, glossary, stimuli, today)
    named: dict[str, str] = {}
    for path in sorted(_item_paths(folder)):
        where = path.relative_to(folder).as_posix()
        item, what = _read_item(path, around)
        if path.stem in named:
            what.append(f"the id {path.stem} is also that of {named[path.stem]}")
        named.setdefault(path.stem, where)
        if item:
            items.setdefault(path.stem, item)
        problems += [Problem(where, text) for text in what]
    problems += _lonely(items, named)
    return Bank(items, stimuli), problems


def _lonely(items: Mapping[str, ItemFile], named: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(named[item.id], f"apart_from: there is no item {other}")
        for item in items.values()
        for other in item.apart_from
        if other not in named
    ]


def _item_paths(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*/*.yaml") if path.parent.name not in {STIMULI, BLUEPRINTS})


def _strange_files(folder: Path) -> Iterator[Problem]:
    if not folder.is_dir():
        yield Problem(str(folder), "there is no such folder")
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        expected = (
            path.is_dir() or place.parts[0] == BLUEPRINTS or (len(place.parts), path.suffix) == (2, ".yaml")
        )
        if not expected:
            yield Problem(place.as_posix(), "is not <topic>/<id>.yaml, so nobody reads it")


def _read(path: Path, model: type[File]) -> tuple[File | None, list[str]]:
    try:
        raw = read_yaml(path)
    except Unreadable as error:
        return None, [str(error)]
    file, problems = _validated(raw, model)
    return file, problems + _id_problems(raw, path)


def _read_item(path: Path, around: _Around) -> tuple[ItemFile | None, list[str]]:
    try:
        raw = read_yaml(path)
    except Unreadable as error:
        return None, [str(error)]
    item, problems = _validated(raw, ItemFile)
    problems += _id_problems(raw, path)
    if isinstance(raw, dict):
        # Also when the rest is not sound: an author wants to hear everything in one go.
        problems += _body_problems(raw)
    if item:
        problems += _item_problems(item, around)
    return item, problems


def _validated(raw: object, model: type[File]) -> tuple[File | None, list[str]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, faults(error)


def _id_problems(raw: object, path: Path) -> list[str]:
    named = raw.get("id") if isinstance(raw, dict) else path.stem
    return [] if named == path.stem else [f"id: {named} is not the name of the file"]


def _body_problems(raw: Mapping[str, object]) -> list[str]:
    key = raw.get("type")
    item_type = BY_KEY.get(key) if isinstance(key, str) else None
    if item_type is None:
        return [f"type: {key} is none of {', '.join(BY_KEY)}"] if "type" in raw else []
    body, problems = _validated(raw.get("body", {}), item_type.body_model)
    if body is None:
        return [f"body.{problem}" for problem in problems]
    problems = [f"body: {problem}" for problem in item_type.problems(body)]
    reasons = raw.get("reasons")
    if isinstance(reasons, dict):
        wanted = item_type.reason_ids(body)
        problems += [f"reasons: nothing is said of {reason}" for reason in wanted if reason not in reasons]
        problems += [
            f"reasons: {reason} is nothing to give a reason for" for reason in reasons if reason not in wanted
        ]
    return problems


def _item_problems(item: ItemFile, around: _Around) -> list[str]:
    found = citation_problems(item.sources, around.acts, today=around.today)
    if not item.sources and item.rests_on is None:
        found.append("sources: name an act, or say in rests_on why the key holds without one")
    if item.stimulus is not None and item.stimulus not in around.stimuli:
        found.append(f"stimulus: there is no sound stimuli/{item.stimulus}.yaml")
    asked = item.model_dump(include={"stem", "body"})
    reasons = item.model_dump(include={"reasons"})
    found += wording.problems(asked) + wording.language_problems(reasons)
    found += around.glossary.wrong_words(asked | reasons)
    return found + quality.item_problems(item)


def _stimulus_problems(stimulus: StimulusFile, around: _Around) -> list[str]:
    found = citation_problems(stimulus.sources, around.acts, today=around.today)
    if not stimulus.sources and not stimulus.invented:
        found.append("sources: name an act, or say invented: true")
    texts = stimulus.model_dump(include={"title", "text", "figure"})
    found += svg.problems(stimulus.figure) if stimulus.figure else []
    return (
        found
        + around.glossary.wrong_words(texts)
        + wording.language_problems(texts)
        + wording.html_problems(texts)
        + wording.number_problems(texts)
    )
