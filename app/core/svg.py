"""Draws figures as SVG that a phone can read, in one language. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape

from app.core.content import LANGUAGES, Text
from app.core.figures import AnyFigure, Bars, Flow, Plan, Timeline

WIDTH = 340
"""Units of the drawing; on a phone of 360 px one unit is about one pixel."""
SIZE = 14
SMALL = 12
LEADING = 1.3
BOLD = 1.12
"""How much wider bold letters are."""
EDGE = 10
GAP = 22
MOST_LINES = 6
"""A text in a figure that breaks into more lines is a paragraph, and belongs into the lesson."""


def problems(figure: AnyFigure) -> list[str]:
    """Return which texts of a figure are too long to be read in it."""
    return [
        f"{language}: “{text[language][:30]}…” is too long for a figure"
        for text, width in _texts(figure)
        for language in LANGUAGES
        if len(_wrapped(text[language], width, SIZE)) > MOST_LINES
    ]


def _texts(figure: AnyFigure) -> Iterator[tuple[Text, int]]:
    if isinstance(figure, Flow):
        for step in figure.steps:
            yield step.text, WIDTH - 2 * EDGE - 24
            yield from ((text, WIDTH - 90) for text in (step.note, step.otherwise) if text)
    elif isinstance(figure, Timeline):
        for point in figure.points:
            yield point.when, WIDTH - 34
            yield point.text, WIDTH - 34
    elif isinstance(figure, Bars):
        yield from ((bar.label, WIDTH - 20) for bar in figure.bars)


def draw(figure: AnyFigure, language: str) -> str:
    """Return the figure as HTML in one language (kk, ru, en): SVG with its text alternative, and the caption."""
    parts, height = _drawn(figure, language)
    return (
        f'<figure class="drawn"><svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(figure.alt[language])}">{"".join(parts)}</svg>'
        f"<figcaption>{escape(figure.title[language])}</figcaption></figure>"
    )


def _drawn(figure: AnyFigure, language: str) -> tuple[list[str], int]:
    """Return the parts of the drawing and its height."""
    match figure:
        case Flow():
            return _flow(figure, language)
        case Timeline():
            return _timeline(figure, language)
        case Bars():
            return _bars(figure, language)
        case Plan():
            return _plan(figure, language)


def _flow(figure: Flow, language: str) -> tuple[list[str], int]:
    parts: list[str] = []
    top = 4
    inner = WIDTH - 2 * EDGE
    for number, step in enumerate(figure.steps):
        if number:
            parts.append(_arrow(WIDTH // 2, top, top + GAP - 2))
            top += GAP
        lines = _wrapped(step.text[language], inner - 24, SIZE)
        notes = _wrapped(step.note[language], inner - 24, SMALL) if step.note else []
        height = 18 + _height(lines, SIZE) + _height(notes, SMALL)
        parts.append(f'<rect class="box" x="{EDGE}" y="{top}" width="{inner}" height="{height}" rx="8"/>')
        parts.append(_centred(lines, WIDTH // 2, top + 9, SIZE))
        parts.append(_centred(notes, WIDTH // 2, top + 9 + _height(lines, SIZE), SMALL, "small"))
        top += height
        if step.otherwise:
            aside, top = _otherwise(step.otherwise[language], top)
            parts.append(aside)
    return parts, top + 4


def _otherwise(text: str, top: int) -> tuple[str, int]:
    """The way out of a step: a dashed box below it to the right, reached by a bent line."""
    left = 70
    width = WIDTH - EDGE - left
    lines = _wrapped(text, width - 20, SMALL)
    height = 12 + _height(lines, SMALL)
    y = top + 8
    bend = f'<path class="way" d="M40 {top}V{y + height // 2}H{left}"/>'
    box = f'<rect class="aside" x="{left}" y="{y}" width="{width}" height="{height}" rx="6"/>'
    return bend + box + _left(lines, left + 10, y + 6, SMALL, "small"), y + height


def _timeline(figure: Timeline, language: str) -> tuple[list[str], int]:
    parts: list[str] = []
    top = 4
    first = last = top + 9
    for point in figure.points:
        when = _wrapped(point.when[language], WIDTH - 34, SMALL)
        lines = _wrapped(point.text[language], WIDTH - 34, SIZE)
        last = top + 9
        parts.append(f'<circle class="dot" cx="12" cy="{last}" r="6"/>')
        parts.append(_left(when, 30, top, SMALL, "strong"))
        parts.append(_left(lines, 30, top + _height(when, SMALL), SIZE))
        top += _height(when, SMALL) + _height(lines, SIZE) + 12
    return [f'<path class="way" d="M12 {first}V{last}"/>', *parts], top


def _bars(figure: Bars, language: str) -> tuple[list[str], int]:
    parts: list[str] = []
    values = [Decimal(bar.value) for bar in figure.bars]
    largest = max(*map(abs, values), Decimal(1))
    top = 4
    unit = figure.unit[language]
    # Every bar leaves room for the longest number, or a longer bar would stand for a shorter value.
    room = WIDTH - 12 - max(_width(f"{_number(value, language)} {unit}", SMALL) * BOLD for value in values)
    for bar, value in zip(figure.bars, values, strict=True):
        lines = _wrapped(bar.label[language], WIDTH - 20, SMALL)
        shown = f"{_number(value, language)} {unit}"
        parts.append(_left(lines, 2, top, SMALL, "small"))
        top += _height(lines, SMALL) + 2
        length = max(2, round(float(abs(value) / largest) * room))
        parts.append(f'<rect class="bar" x="2" y="{top}" width="{length}" height="18" rx="3"/>')
        parts.append(_left([shown], 2 + length + 6, top + 1, SMALL, "strong"))
        top += 28
    return parts, top


def _plan(figure: Plan, language: str) -> tuple[list[str], int]:
    height = 300
    parts = [f'<rect class="ground" x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="8"/>']
    names: list[str] = []
    for line in figure.lines:
        (x1, y1), (x2, y2) = _place(line.start), _place(line.end)
        parts.append(f'<path class="{line.kind}" d="M{x1} {y1}L{x2} {y2}"/>')
        if line.label:
            names.append(_along(line.label[language], (x1, y1), (x2, y2)))
    for spot in figure.places:
        x, y = _place(spot.at)
        label = spot.label[language]
        if spot.count is None:
            parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="5"/>')
        else:
            parts.append(f'<circle class="count" cx="{x}" cy="{y}" r="12"/>')
            parts.append(f'<text class="in-dot" x="{x}" y="{y + 4}" text-anchor="middle">{spot.count}</text>')
        half = _width(label, SMALL) / 2
        middle = min(max(x, half + 4), WIDTH - half - 4)
        below = y + (26 if spot.count is not None else 18)
        names.append(
            f'<text class="small halo" x="{middle:.0f}" y="{min(below, height - 6)}" text-anchor="middle">'
            f"{escape(label)}</text>"
        )
    return parts + names, height


def _place(point: Sequence[int]) -> tuple[int, int]:
    return round(14 + point[0] * (WIDTH - 28) / 100), round(14 + point[1] * 256 / 100)


def _along(label: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    """The name of a line at its middle, above it; beside it where the line goes down the plan."""
    x, y = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
    if abs(end[1] - start[1]) > abs(end[0] - start[0]):
        turned = f' transform="rotate(-90 {x - 6} {y})"'
        return (
            f'<text class="name halo" x="{x - 6}" y="{y}" text-anchor="middle"{turned}>{escape(label)}</text>'
        )
    half = _width(label, SMALL) / 2
    middle = min(max(x, half + 4), WIDTH - half - 4)
    return f'<text class="name halo" x="{middle:.0f}" y="{y - 8}" text-anchor="middle">{escape(label)}</text>'


def _number(value: Decimal, language: str) -> str:
    """Return a number as lessons write it: thousands parted by a narrow space, the language's decimal sign."""
    text = f"{value:,}".replace(",", "\u202f")
    return text if language == "en" else text.replace(".", ",")


def _arrow(x: int, top: int, bottom: int) -> str:
    return f'<path class="way" d="M{x} {top + 2}V{bottom - 4}"/><path class="tip" d="M{x - 5} {bottom - 7}h10l-5 7z"/>'


def _height(lines: Sequence[str], size: int) -> int:
    return round(len(lines) * size * LEADING)


def _centred(lines: Iterable[str], x: int, top: int, size: int, kind: str = "") -> str:
    return _lines(lines, x, top, size, kind, ' text-anchor="middle"')


def _left(lines: Iterable[str], x: int, top: int, size: int, kind: str = "") -> str:
    return _lines(lines, x, top, size, kind, "")


def _lines(lines: Iterable[str], x: int, top: int, size: int, kind: str, anchor: str) -> str:
    named = f' class="{kind}"' if kind else ""
    return "".join(
        f'<text{named} x="{x}" y="{round(top + size * (1 + number * LEADING))}"{anchor}>{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _wrapped(text: str, width: int, size: int) -> list[str]:
    """Return `text` in lines no wider than `width` units; a word that is wider stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


_WIDE = frozenset("шщжмюыфёШЩЖМЮЫФҮҰӨҚҢДЛ—@%mwMW")
_NARROW = frozenset("іІilj.,:;'|!()[]- \u202f\u00a0tfr")


def _width(text: str, size: int) -> float:
    """Return about how wide `text` is in a plain sans serif: browsers choose the font, so with room to spare."""
    ems = sum(
        0.36 if sign in _NARROW else 0.82 if sign in _WIDE else 0.72 if sign.isupper() else 0.6
        for sign in text
    )
    return ems * size
