"""A number, typed."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from app.core.content import LANGUAGES, Strict, Text
from app.core.errors import N_
from app.items.types.base import Form, ItemType, MalformedAnswer, one_field

MOST_DIGITS = 30
LONGEST = 200
"""Signs with the unit; more is no number."""

_SPACES = re.compile(r"\s+")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_WHOLE = r"(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)"
_NUMBER = re.compile(rf"([+-]?) ?({_WHOLE})(?:[.,]([0-9]+))?")
_KEY = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"
_TOLERANCE = r"^[0-9]{1,15}(\.[0-9]{1,15})?$"


class NotANumber(MalformedAnswer):
    """What was typed cannot be read as one number."""

    message = N_(
        "This cannot be read as a number, so it was not saved. Write digits only, for example 1 250 or 12.5."
    )


class NumericBody(Strict):
    """The right number and how far from it is still right, both as decimal texts with a point."""

    unit: Text | None = None
    key: Annotated[str, StringConstraints(pattern=_KEY)]
    tolerance: Annotated[str, StringConstraints(pattern=_TOLERANCE)] = "0"


def read_number(typed: str) -> Fraction:
    """Return the number that a person typed, exactly.

    One comma or one point stands before the decimals; spaces of any width part groups of three; the
    minus may be a hyphen, a minus sign or a dash. No exponents, no words.

    Raises:
        NotANumber: it is anything else, or has more than 30 digits.
    """
    found = _NUMBER.fullmatch(_SPACES.sub(" ", typed).strip().translate(_MINUS))
    if found is None:
        raise NotANumber
    sign, whole, decimals = found[1], found[2].replace(" ", ""), found[3] or ""
    if len(whole) + len(decimals) > MOST_DIGITS:
        raise NotANumber
    size = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -size if sign == "-" else size


class Numeric(ItemType[NumericBody]):
    """The answer is the text as it was typed, without spaces around it, unit and all."""

    key = "numeric"
    marked_by: Literal["machine", "people"] = "machine"
    body_model = NumericBody

    def problems(self, body: NumericBody) -> list[str]:  # noqa: ARG002 - the model has checked all
        return []

    def option_ids(self, body: NumericBody) -> list[str]:  # noqa: ARG002 - nothing to shuffle
        return []

    def parse(self, body: NumericBody, form: Form) -> str | None:
        return self.validate(body, one_field(form))

    def validate(self, body: NumericBody, answer: object) -> str | None:
        if answer is None:
            return None
        if not isinstance(answer, str):
            raise MalformedAnswer
        typed = answer.strip()
        if not typed:
            return None
        if len(typed) > LONGEST:
            raise NotANumber
        read_number(_without_unit(body, typed))
        return typed

    def key_answer(self, body: NumericBody) -> str:
        return body.key

    def score(self, body: NumericBody, answer: object) -> Fraction:
        typed = self.validate(body, answer)
        if typed is None:
            return Fraction(0)
        distance = abs(read_number(_without_unit(body, typed)) - Fraction(body.key))
        return Fraction(distance <= Fraction(body.tolerance))

    def present(self, body: NumericBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        if order:
            message = "a number has no options"
            raise ValueError(message)
        return {"unit": body.unit[language] if body.unit else ""}

    def readable(self, body: NumericBody, answer: object, language: str) -> list[str]:
        typed = self.validate(body, answer)
        if typed is None:
            return []
        unit = body.unit[language] if body.unit else ""
        return [f"{_without_unit(body, typed)} {unit}".strip()]


def _without_unit(body: NumericBody, typed: str) -> str:
    """Return `typed` without the item's unit at its end, in any of the languages."""
    units = [_folded(body.unit[language]) for language in LANGUAGES] if body.unit else []
    folded = _folded(typed)
    # The longest first: of "мың теңге" and "теңге" the first must go whole.
    for unit in sorted(units, key=len, reverse=True):
        if folded.endswith(unit):
            return folded.removesuffix(unit).strip()
    return folded


def _folded(text: str) -> str:
    return _SPACES.sub(" ", text).strip().casefold()
