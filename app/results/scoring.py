"""What marked answers add up to, and whether that passes. Exact until it is shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor, isqrt

from app.core.content import Text
from app.core.errors import N_, Invalid
from app.exams.blueprints import Bands, Blueprint, Thresholds

HUNDRED = 100


class WrongPoints(Invalid):
    """Points for an item that the paper does not have, or outside of what it can earn."""

    message = N_("Points must lie between 0 and the most that the item can earn.")


class Band(StrEnum):
    """How a competency shows, in words instead of a number."""

    SHOWN = "shown"
    """Above the bar even if the measurement was too kind."""
    NEAR = "near"
    """Too close to the bar to tell."""
    NOT_YET = "not-yet"
    """Below the bar even if the measurement was too harsh."""


@dataclass(frozen=True)
class ItemScore:
    """What one answer earned."""

    position: int
    section: str
    competency: str
    points: Fraction
    most: int


@dataclass(frozen=True)
class Part:
    """What several items earned together: a section, a competency, or the whole.

    Attributes:
        title: as the blueprint names a section; None where the screens have the name.
        floor: percent that the pass rule asks for in this part; None where it asks nothing.
        band: only where the pass rule goes by bands.
    """

    key: str
    points: Fraction
    most: int
    title: Text | None = None
    floor: Fraction | None = None
    band: Band | None = None

    @property
    def share(self) -> Fraction:
        return self.points / self.most

    @property
    def percent(self) -> int:
        """Return the percent to show."""
        return int(rounded(self.share * HUNDRED))

    @property
    def reaches(self) -> bool:
        """Tell whether the exact percent is at least the floor."""
        return self.floor is None or self.share * HUNDRED >= self.floor


@dataclass(frozen=True)
class Scores:
    """Everything that a result states.

    Attributes:
        total: the whole paper; None where competencies are not added up.
        sections: in the order of the blueprint.
        competencies: in alphabetical order of their keys.
    """

    items: tuple[ItemScore, ...]
    sections: tuple[Part, ...]
    competencies: tuple[Part, ...]
    total: Part | None
    has_passed: bool

    @property
    def below(self) -> tuple[Part, ...]:
        """Return the sections that stay under their floor or are not shown yet."""
        return tuple(part for part in self.sections if not part.reaches or part.band is Band.NOT_YET)


def rounded(value: Fraction, places: int = 0) -> Decimal:
    """Return `value` as it is shown: rounded down, so that nobody reads a bar as reached that was not.

    This is the only rounding of scores, and nothing is decided by its outcome.
    """
    scale = 10**places
    return Decimal(floor(value * scale)).scaleb(-places)


def score(items: Sequence[ItemScore], blueprint: Blueprint) -> Scores:
    """Return what `items` add up to by the sections and the pass rule of `blueprint`."""
    rule = blueprint.rule
    sections = tuple(
        _judged(_sum(section.key, _of(items, section.key), section.title), rule)
        for section in blueprint.sections
    )
    competencies = tuple(
        _sum(key, [item for item in items if item.competency == key])
        for key in sorted({item.competency for item in items})
    )
    if isinstance(rule, Bands):
        not_yet = sum(part.band is Band.NOT_YET for part in sections)
        return Scores(tuple(items), sections, competencies, None, has_passed=not_yet <= rule.most_not_yet)
    total = replace(_sum("total", items), floor=Fraction(rule.total))
    has_passed = total.reaches and all(part.reaches for part in sections)
    return Scores(tuple(items), sections, competencies, total, has_passed)


def _of(items: Iterable[ItemScore], section: str) -> list[ItemScore]:
    return [item for item in items if item.section == section]


def _sum(key: str, items: Sequence[ItemScore], title: Text | None = None) -> Part:
    points = sum((item.points for item in items), Fraction(0))
    return Part(key, points, sum(item.most for item in items), title)


def _judged(part: Part, rule: Thresholds | Bands) -> Part:
    if isinstance(rule, Bands):
        return replace(part, band=band(part.share, bar=Fraction(rule.bar), margin=Fraction(rule.margin)))
    asked = rule.sections.get(part.key)
    return part if asked is None else replace(part, floor=Fraction(asked))


def band(share: Fraction, *, bar: Fraction, margin: Fraction) -> Band:
    """Return the band of a share (0-1) for a bar and a margin of doubt in percent.

    Shown from bar + margin on, not yet below bar - margin, near between.
    """
    percent = share * HUNDRED
    if percent >= bar + margin:
        return Band.SHOWN
    return Band.NEAR if percent >= bar - margin else Band.NOT_YET


def margin(part: Part) -> tuple[int, int] | None:
    """Return the lowest and highest percent within one standard error; None where it cannot be told.

    Each point counts as one question, right or wrong; the points of one text hang together, so the true error
    is somewhat larger.

    Source:
        F. M. Lord, "Do Tests of the Same Length Have the Same Standard Error of Measurement?", 1957,
        Educational and Psychological Measurement 17: variance = x (n - x) / (n - 1).
    """
    count = part.most
    if count <= 1:
        return None
    variance = part.points * (count - part.points) / (count - 1)
    error = isqrt(floor(variance * HUNDRED**2 / count**2))
    return None if error == 0 else (max(0, part.percent - error), min(HUNDRED, part.percent + error))


def corrected(items: Sequence[ItemScore], points_by_position: Mapping[int, Fraction]) -> list[ItemScore]:
    """Return the items with other points at some positions.

    Raises:
        WrongPoints: there is no such position, or the points are below 0 or above the most.
    """
    by_position = {item.position: item for item in items}
    for position, points in points_by_position.items():
        if position not in by_position or not 0 <= points <= by_position[position].most:
            raise WrongPoints
        by_position[position] = replace(by_position[position], points=points)
    return list(by_position.values())
