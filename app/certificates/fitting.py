"""Fit texts of unknown length into a given width. Pure: how wide a text is comes in as a function."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Measure = Callable[[str], float]
"""The width of a text at size 1."""


@dataclass(frozen=True)
class Fitted:
    """Lines and the size at which every one of them fits."""

    lines: tuple[str, ...]
    size: float


def fit_name(name: str, measure: Measure, *, width: float, largest: tuple[float, float]) -> Fitted:
    """Set a name as large as it fits: on one line, or on two where that makes it larger.

    Args:
        largest: the largest size on one line, and on two.
    """
    on_one = _largest((name,), measure, width=width, size=largest[0])
    on_two = (_largest(lines, measure, width=width, size=largest[1]) for lines in _in_two(name))
    return max((on_one, *on_two), key=lambda fitted: fitted.size)


def wrap(text: str, measure: Measure, width: float) -> list[str]:
    """Break a text into as few lines as fit, and as even as that allows."""
    few = _fill(text, measure, width)
    narrowest = width
    while narrowest > 0 and len(_fill(text, measure, narrowest * 0.98)) == len(few):
        narrowest *= 0.98
    return _fill(text, measure, narrowest)


def _fill(text: str, measure: Measure, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _in_two(name: str) -> Iterator[tuple[str, str]]:
    words = name.split(" ")
    for place in range(1, len(words)):
        yield " ".join(words[:place]), " ".join(words[place:])


def _largest(lines: tuple[str, ...], measure: Measure, *, width: float, size: float) -> Fitted:
    return Fitted(lines, min(size, width / max(measure(line) for line in lines)))
