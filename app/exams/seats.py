"""Printed papers by seat: codes that hands can write, when paper is given out, and when two entries agree. Pure.

The chance of a code is its only other source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from secrets import choice
from typing import Any

from app.core.errors import N_, Invalid
from app.exams.journal import canonical

SIGNS = "2346789ACDEFHJKMNPRTWXY"
"""None that a hand makes look like another; a prime number of them, so that the check sign finds every mistake."""
RANDOM_SIGNS = 6
LENGTH = RANDOM_SIGNS + 1
PRINTED_BEFORE = timedelta(minutes=30)
"""No paper stands on paper earlier than this before its sitting."""

_ALIKE = str.maketrans("АСЕНКМРТХУ", "ACEHKMPTXY")
"""Cyrillic keys that print the same signs."""
_BETWEEN = str.maketrans("", "", " -.")


class WrongCode(Invalid):
    """The check sign does not fit: nothing was looked up with it."""

    message = N_("This is not a code of a seat. It has seven signs; compare them with the sheet one by one.")


def make_code() -> str:
    """Return a new code: six signs by chance and one that checks them."""
    signs = "".join(choice(SIGNS) for _ in range(RANDOM_SIGNS))
    return signs + _check_sign(signs)


def _check_sign(signs: str) -> str:
    # The weights differ and none is a multiple of the prime: a wrong sign and two swapped ones both change the sum.
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, start=1)) % len(SIGNS)]


def read_code(typed: str) -> str:
    """Return the code that a person typed from a sheet.

    Raises:
        WrongCode: it is none, or a sign of it is wrong.
    """
    code = typed.translate(_BETWEEN).upper().translate(_ALIKE)
    if len(code) != LENGTH or not set(code) <= set(SIGNS) or _check_sign(code[:-1]) != code[-1]:
        raise WrongCode
    return code


def spaced(code: str) -> str:
    """Return a code as it stands on the sheets: 7KM A2R X."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def may_print(*, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Tell whether the papers of a sitting may be on paper at `now`."""
    return opens_at - PRINTED_BEFORE <= now < closes_at


@dataclass(frozen=True)
class Entered:
    """What one person typed from the sheets of a seat.

    Attributes:
        person: id of whose sheets they are.
        answers: by position; none for what was left empty.
    """

    person: int
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """Where two entries of one seat differ; never in what.

    Attributes:
        words: for texts at these positions, the number of the first word that is not the same.
    """

    in_person: bool
    positions: tuple[int, ...] = ()
    words: Mapping[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.in_person or bool(self.positions)


def difference(one: Entered, other: Entered) -> Difference:
    """Return where two entries differ. Between the words of a text, spaces and lines are no difference."""
    positions = sorted(map(int, one.answers.keys() | other.answers.keys()))
    pairs = {place: (one.answers.get(str(place)), other.answers.get(str(place))) for place in positions}
    differing = {place: pair for place, pair in pairs.items() if _plain(pair[0]) != _plain(pair[1])}
    return Difference(
        in_person=one.person != other.person,
        positions=tuple(differing),
        words={
            place: _first_other_word(mine, theirs)
            for place, (mine, theirs) in differing.items()
            if _is_text(mine) and _is_text(theirs)
        },
    )


def _is_text(answer: object) -> bool:
    return isinstance(answer, str) and len(answer.split()) > 1


def _plain(answer: object) -> str:
    return canonical(" ".join(answer.split()) if isinstance(answer, str) else answer)


def _first_other_word(one: Any, other: Any) -> int:  # noqa: ANN401 - texts, as `_is_text` says
    pairs = zip_longest(one.split(), other.split())
    return next(place for place, (mine, theirs) in enumerate(pairs, start=1) if mine != theirs)
