"""What a blueprint file may hold, and the reader of their folder. Pure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from app.core.content import Name, Strict, Text, Unreadable, faults, read_yaml
from app.items.bank import BLUEPRINTS, Problem
from app.items.files import Competency
from app.items.types import BY_KEY

Kind = Literal["exam", "suitability", "practice"]
KINDS: tuple[Kind, ...] = ("suitability", "exam")
"""Those with sittings, attempts and results; practice leaves no trace."""
Percent = Annotated[str, StringConstraints(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,2})?)$")]
"""0-100 as a text: an exact number, never a float."""
Key = Annotated[Name, StringConstraints(max_length=40)]


class Slot(Strict):
    """So many items of one description; what is left out may be anything.

    Attributes:
        case: they are all of one stimulus, which no other slot gets; otherwise they have none.
    """

    count: Annotated[int, Field(ge=1, le=100)]
    topics: list[Name] | None = None
    types: list[str] | None = None
    competency: Competency | None = None
    levels: list[Literal["recall", "apply", "judge"]] | None = None
    case: bool = False


class Section(Strict):
    """A part of the paper with a score of its own."""

    key: Key
    title: Text
    slots: Annotated[list[Slot], Field(min_length=1)]

    @property
    def count(self) -> int:
        """Return how many items it holds."""
        return sum(slot.count for slot in self.slots)


class Part(Strict):
    """Sections that belong together, with the time meant for them."""

    key: Key
    title: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    sections: Annotated[list[Key], Field(min_length=1)]


class Thresholds(Strict):
    """Passed with `total` percent of all points, and in each named section with its own percent of it."""

    kind: Literal["thresholds"]
    total: Percent
    sections: dict[str, Percent]


class Bands(Strict):
    """Each section gets a band; passed when at most `most_not_yet` sections are “not yet”.

    Attributes:
        bar: percent of the section's points.
        margin: percent points of doubt on both sides of the bar.
    """

    kind: Literal["bands"]
    bar: Percent
    margin: Percent
    most_not_yet: Annotated[int, Field(ge=0)]


class Blueprint(Strict):
    """What a paper must hold, how long it takes, and what passes.

    Attributes:
        minutes: of all parts together.
        parts: in the order of the sections; empty where the paper is of one piece.
        pass_rule: practice has none.
        tolerance: the largest difference between two markers of one script, in points of its 0-16, that
            needs no third.
        calculator: the page of an attempt offers one.
    """

    id: Key
    kind: Kind
    title: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    retake_after_days: Annotated[int, Field(ge=0)]
    sections: Annotated[list[Section], Field(min_length=1)]
    parts: list[Part] = Field(default_factory=list)
    tolerance: Annotated[int, Field(ge=0, le=16)]
    pass_rule: Annotated[Thresholds | Bands, Field(discriminator="kind")] | None = None
    calculator: bool = False

    @property
    def rule(self) -> Thresholds | Bands:
        """Return what passes.

        Raises:
            ValueError: this is practice, which nobody passes.
        """
        if self.pass_rule is None:
            message = f"{self.id} has no pass rule"
            raise ValueError(message)
        return self.pass_rule

    @property
    def count(self) -> int:
        """Return how many items a paper holds."""
        return sum(section.count for section in self.sections)


RULE_OF: dict[Kind, str | None] = {"exam": "thresholds", "suitability": "bands", "practice": None}


def load(folder: Path) -> tuple[dict[str, Blueprint], list[Problem]]:
    """Return the sound blueprints of the bank's `folder` by id, and every problem of every file."""
    found: dict[str, Blueprint] = {}
    problems: list[Problem] = []
    for path in sorted((folder / BLUEPRINTS).glob("*")):
        where = f"{BLUEPRINTS}/{path.name}"
        if path.suffix != ".yaml" or path.is_dir():
            problems.append(Problem(where, "is not <id>.yaml, so nobody reads it"))
            continue
        blueprint, what = _read(path)
        problems += [Problem(where, text) for text in what]
        if blueprint and not what:
            found[blueprint.id] = blueprint
    return found, problems


def _read(path: Path) -> tuple[Blueprint | None, list[str]]:
    try:
        blueprint = Blueprint.model_validate(read_yaml(path))
    except Unreadable as error:
        return None, [str(error)]
    except ValidationError as error:
        return None, faults(error)
    named = [] if blueprint.id == path.stem else [f"id: {blueprint.id} is not the name of the file"]
    return blueprint, named + list(_contradictions(blueprint))


def _contradictions(blueprint: Blueprint) -> Iterator[str]:
    keys = [section.key for section in blueprint.sections]
    if len(set(keys)) < len(keys):
        yield "sections: a key stands twice"
    if (blueprint.pass_rule.kind if blueprint.pass_rule else None) != RULE_OF[blueprint.kind]:
        yield f"pass_rule: {blueprint.kind} goes by {RULE_OF[blueprint.kind] or 'none'}"
    if blueprint.parts and [key for part in blueprint.parts for key in part.sections] != keys:
        yield "parts: do not hold each section once, in order"
    if blueprint.parts and sum(part.minutes for part in blueprint.parts) != blueprint.minutes:
        yield "parts: their minutes do not add up to minutes"
    if isinstance(blueprint.pass_rule, Thresholds):
        yield from (
            f"pass_rule.sections: there is no section {key}"
            for key in blueprint.pass_rule.sections
            if key not in keys
        )
    for section in blueprint.sections:
        for slot in section.slots:
            yield from (
                f"sections.{section.key}: there is no type {key}"
                for key in slot.types or ()
                if key not in BY_KEY
            )
