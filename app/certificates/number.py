"""The number of a certificate: eleven random digits and a check digit, shown 4-4-4. Pure."""

import secrets
import unicodedata
from collections.abc import Callable

from app.core.errors import N_, Refused

LENGTH = 12
"""Digits only: on a Kazakh or Russian keyboard А В Е К М Н О Р С Т Х look Latin and are not."""

# A totally anti-symmetric quasigroup of order 10 with zeros on its diagonal.
# Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004, p. 111.
_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_BETWEEN = frozenset({"Zs", "Pd", "Cc", "Cf"})
"""Kinds of characters that people and telephones put between digits: spaces, dashes, invisible ones."""


class MistypedNumber(Refused):
    """What was typed is no number of a certificate: other than 12 digits, or the last does not fit."""

    message = N_("The number is mistyped: its last digit does not fit. Check the 12 digits.")
    status = 422


def new_number(below: Callable[[int], int] = secrets.randbelow) -> str:
    """Return a number that nobody can guess from another one.

    Args:
        below: gives a random whole number from 0 up to, not including, its argument.
    """
    digits = f"{below(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Return the digit that shows every single wrong digit and every swap of neighbours."""
    interim = 0
    for digit in digits:
        interim = _QUASIGROUP[interim][int(digit)]
    return str(interim)


def is_well_formed(number: str) -> bool:
    """Tell whether `number` is 12 plain digits of which the last fits."""
    is_digits = len(number) == LENGTH and number.isascii() and number.isdecimal()
    return is_digits and check_digit(number[:-1]) == number[-1]


def parse(text: str) -> str:
    """Return the number that a person typed: spaces, hyphens, № and digits of other scripts are fine.

    Raises:
        MistypedNumber: it is not 12 digits of which the last fits.
    """
    number = "".join(_plain(character) for character in text.strip().removeprefix("№"))
    if not is_well_formed(number):
        raise MistypedNumber
    return number


def grouped(number: str) -> str:
    """Return the number as the paper shows it: 4-4-4, with spaces that do not break."""
    return "\u00a0".join(number[start : start + 4] for start in range(0, LENGTH, 4))


def _plain(character: str) -> str:
    if unicodedata.category(character) in _BETWEEN:
        return ""
    return str(unicodedata.decimal(character, character))
