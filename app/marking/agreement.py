"""How far two marks of a script lie apart, and what its points are in the end. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from app.core.errors import N_, Invalid
from app.items.types.written import LEVELS

BLIND_MARKS = 2


class WrongLevels(Invalid):
    """Not exactly one level from the scale for each criterion of the rubric."""

    message = N_("Choose one level for each criterion.")


@dataclass(frozen=True)
class Given:
    """What a person gives for a script.

    Attributes:
        levels: level by criterion.
        comment: why; read by the adjudicator and, in an appeal, by the candidate.
        wants_second_opinion: the person is not sure.
    """

    levels: Mapping[str, int]
    comment: str | None = None
    wants_second_opinion: bool = False


def most_points(criteria: int) -> int:
    """Return what a script earns at most under a rubric of so many criteria."""
    return criteria * max(LEVELS)


def ensure_complete(levels: Mapping[str, int], criteria: Collection[str]) -> None:
    """Raise `WrongLevels` unless each criterion, and nothing else, has a level of the scale."""
    if set(levels) != set(criteria) or not all(level in LEVELS for level in levels.values()):
        raise WrongLevels


def points(levels: Mapping[str, int]) -> int:
    """Return the points of one mark: the sum over its criteria."""
    return sum(levels.values())


def needs_third(first: int, second: int, *, tolerance: int, is_doubted: bool = False) -> bool:
    """Tell whether a third person must mark.

    Args:
        first: points of one blind mark.
        second: points of the other.
        tolerance: the largest difference that the blueprint lets stand.
        is_doubted: one of the two asked for another opinion.
    """
    return is_doubted or abs(first - second) > tolerance


def final_points(marks: Sequence[int]) -> Fraction:
    """Return the mean of two marks; of three, the mean of the two closest, of equal pairs the higher one.

    Raises:
        ValueError: there are neither two nor three.
    """
    if len(marks) not in {BLIND_MARKS, BLIND_MARKS + 1}:
        message = f"{len(marks)} marks"
        raise ValueError(message)
    one, other = min(combinations(sorted(marks), 2), key=lambda pair: (pair[1] - pair[0], -sum(pair)))
    return Fraction(one + other, 2)
