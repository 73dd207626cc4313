"""Figures of lessons and items: what their files may say; `svg` draws them. Pure."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from app.core.content import Strict, Text


def _is_number(value: int | str) -> int | str:
    try:
        Decimal(value)
    except InvalidOperation as error:
        message = "is not a number"
        raise ValueError(message) from error
    return value


Amount = Annotated[int | str, AfterValidator(_is_number)]
"""A whole number, or a decimal as a text: exact, never a float."""
Coordinate = Annotated[int, Field(ge=0, le=100)]
Point = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]


class _Figure(Strict):
    """What every figure has.

    Attributes:
        title: the caption.
        alt: says everything that the figure shows, for those who cannot see it.
    """

    title: Text
    alt: Text


class Step(Strict):
    """One box of a flow.

    Attributes:
        note: who, by when, by which article.
        otherwise: where it goes when the answer is no.
    """

    text: Text
    note: Text | None = None
    otherwise: Text | None = None


class Flow(_Figure):
    """Steps from top to bottom."""

    kind: Literal["flow"]
    steps: Annotated[list[Step], Field(min_length=2, max_length=9)]


class Moment(Strict):
    """A day or a term, and what happens then."""

    when: Text
    text: Text


class Timeline(_Figure):
    """Moments one after another, from top to bottom."""

    kind: Literal["timeline"]
    points: Annotated[list[Moment], Field(min_length=2, max_length=14)]


class Bar(Strict):
    """One value with its name."""

    label: Text
    value: Amount


class Bars(_Figure):
    """Values of one unit, to be compared."""

    kind: Literal["bars"]
    unit: Text
    bars: Annotated[list[Bar], Field(min_length=2, max_length=10)]


class Line(Strict):
    """A street, road, railway or river, straight from one point to another."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    kind: Literal["street", "road", "river", "rail"]
    start: Point = Field(alias="from")
    end: Point = Field(alias="to")
    label: Text | None = None


class Spot(Strict):
    """A place on the plan; `count` is how often something happened there."""

    at: Point
    label: Text
    count: Annotated[int, Field(ge=0, le=999)] | None = None


class Plan(_Figure):
    """A schematic plan of a village; 0-100 to the right and 0-100 down."""

    kind: Literal["map"]
    lines: list[Line]
    places: Annotated[list[Spot], Field(min_length=1, max_length=16)]


AnyFigure = Flow | Timeline | Bars | Plan
Figure = Annotated[AnyFigure, Field(discriminator="kind")]
"""How a file is read: by its `kind`."""
