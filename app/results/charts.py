"""Where the bars of a result's chart stand, in units of its drawing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.content import Text
from app.results.scoring import Part, rounded

WIDTH = 328
"""A phone of 360 px without its margins."""
STEP = 46
BAR = 12
HUNDRED = 100


@dataclass(frozen=True)
class Bar:
    """One section: its words stand at `text_y`, its bar begins at `top`; `floor` is the tick, if any."""

    title: Text | None
    percent: int
    text_y: int
    top: int
    length: float
    floor: float | None
    floor_percent: int | None


def bars(parts: Iterable[Part]) -> list[Bar]:
    """Return a bar for each part, from the top down."""
    return [
        Bar(
            title=part.title,
            percent=part.percent,
            text_y=number * STEP + 16,
            top=number * STEP + 22,
            length=_along(part.percent),
            floor=None if part.floor is None else _along(float(part.floor)),
            floor_percent=None if part.floor is None else int(rounded(part.floor)),
        )
        for number, part in enumerate(parts)
    ]


def height(count: int) -> int:
    """Return how high a drawing of so many bars is."""
    return count * STEP


def _along(percent: float) -> float:
    return round(percent * WIDTH / HUNDRED, 1)
