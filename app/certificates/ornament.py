"""The ram's horn: the mark of the school, the border of the certificate and its rosettes. Pure.

The paths are those of the site's own pictures; y grows downwards in them, upwards on paper.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import hypot

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

_MARK_HORNS = (
    "M24 42V17.5C24 9 18.8 4.5 13.3 4.5 8 4.5 4.3 8.3 4.3 13.2c0 5 3.8 8.5 8.1 8.5 3.8 0 6.3-2.6 6.3-5.8"
    " 0-2.6-1.9-4.5-4.1-4.5M24 17.5C24 9 29.2 4.5 34.7 4.5c5.3 0 9 3.8 9 8.7 0 5-3.8 8.5-8.1 8.5-3.8 0-6.3-2.6"
    "-6.3-5.8 0-2.6 1.9-4.5 4.1-4.5"
)
_MARK_BOOK = (
    "M24 42c-4.5-5.5-11.5-7.8-19.7-7V29c8.2-.8 15.2 1.5 19.7 7"
    " 4.5-5.5 11.5-7.8 19.7-7v6c-8.2-.8-15.2 1.5-19.7 7z"
)
_HORN = (
    "M14 13V7.6C14 4 11.3 1.8 8.4 1.8 5.8 1.8 4 3.6 4 5.8s1.6 3.7 3.5 3.7c1.5 0 2.5-1 2.5-2.3M14 13V7.6"
    "c0-3.6 2.7-5.8 5.6-5.8C22.2 1.8 24 3.6 24 5.8s-1.6 3.7-3.5 3.7c-1.5 0-2.5-1-2.5-2.3"
)
_ROSETTE_ARM = (
    "M0-16V-52C0-72-10-84-21-84-31-84-38-76-38-66-38-56-31-49-23-49-15.5-49-11-54-11-60.5-11-66-15-69.5-19.5-69.5"
    "M0-52C0-72 10-84 21-84 31-84 38-76 38-66 38-56 31-49 23-49 15.5-49 11-54 11-60.5 11-66 15-69.5 19.5-69.5"
)
_ROSETTE_CENTRE = "M0-16L16 0 0 16-16 0z"
_ROSETTE_LOZENGE = "M33-40L40-33 33-26 26-33z"


_HORN_MIDDLE = (14, 5.65)
"""Between the two spirals: with the horns turned up and down around it, the spirals stand in one row."""
_HORN_STROKE, _HORN_SCALE, _HORN_PITCH = 1.6, 0.28 * mm, 7.1 * mm
_MARK_STROKE, _MARK_SIZE = 4.4, 48
_ROSETTE_STROKE, _ROSETTE_SIZE = 6.5, 184

_ARGUMENTS = {"M": 2, "L": 2, "V": 1, "C": 6, "S": 4, "Z": 0}
_TOKENS = re.compile(r"[A-Za-z]|-?\d*\.?\d+")

Point = tuple[float, float]
Numbers = tuple[float, ...]


def draw_mark(canvas: Canvas, *, centre: Point, size: float, colour: Color) -> None:
    """Draw the horns that grow from an open book."""
    middle = (_MARK_SIZE / 2, _MARK_SIZE / 2)
    with _placed(canvas, centre, scale=size / _MARK_SIZE, middle=middle):
        _set_pen(canvas, colour, _MARK_STROKE)
        _stroke(canvas, _MARK_HORNS)
        _fill(canvas, _MARK_BOOK)


def draw_rosette(canvas: Canvas, *, centre: Point, size: float, colour: Color) -> None:
    """Draw four pairs of horns around a lozenge."""
    with _placed(canvas, centre, scale=size / _ROSETTE_SIZE):
        _set_pen(canvas, colour, _ROSETTE_STROKE)
        _stroke(canvas, _ROSETTE_CENTRE)
        for _ in range(4):
            _stroke(canvas, _ROSETTE_ARM)
            _fill(canvas, _ROSETTE_LOZENGE)
            canvas.rotate(90)


def draw_border(canvas: Canvas, *, page: Point, margin: float, band: float, colour: Color) -> None:
    """Draw a band of horns along all four edges, turned outwards and inwards by turns, rosettes in the corners.

    Args:
        margin: from the edge of the page to the band.
        band: how broad the band is.
    """
    inset = margin + band / 2
    right, top = page[0] - inset, page[1] - inset
    corners = ((inset, top), (right, top), (right, inset), (inset, inset))
    for place, corner in enumerate(corners):
        draw_rosette(canvas, centre=corner, size=band * 0.86, colour=colour)
        for centre, turn in _row(corner, corners[(place + 1) % 4], room=band):
            with _placed(canvas, centre, scale=_HORN_SCALE, turn=turn - 90 * place, middle=_HORN_MIDDLE):
                _set_pen(canvas, colour, _HORN_STROKE)
                _stroke(canvas, _HORN)


def _row(start: Point, end: Point, *, room: float) -> Iterator[tuple[Point, int]]:
    """Yield places from corner to corner, an odd number, so that both ends look the same; half of them turned."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    count = int((length - 2 * room) / _HORN_PITCH) // 2 * 2 + 1
    first = (length - (count - 1) * _HORN_PITCH) / 2
    for place in range(count):
        part = (first + place * _HORN_PITCH) / length
        centre = (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
        yield centre, 0 if place % 2 else 180


@contextmanager
def _placed(
    canvas: Canvas, centre: Point, *, scale: float, turn: float = 0, middle: Point = (0, 0)
) -> Iterator[None]:
    canvas.saveState()
    canvas.translate(*centre)
    canvas.rotate(turn)
    canvas.scale(scale, -scale)
    canvas.translate(-middle[0], -middle[1])
    yield
    canvas.restoreState()


def _set_pen(canvas: Canvas, colour: Color, width: float) -> None:
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(width)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)


def _stroke(canvas: Canvas, outline: str) -> None:
    canvas.drawPath(_path(canvas, outline), stroke=1, fill=0)


def _fill(canvas: Canvas, outline: str) -> None:
    canvas.drawPath(_path(canvas, outline), stroke=0, fill=1)


def _path(canvas: Canvas, outline: str) -> PDFPathObject:
    path = canvas.beginPath()
    for command, points in absolute(outline):
        match command:
            case "M":
                path.moveTo(*points)
            case "L":
                path.lineTo(*points)
            case "C":
                path.curveTo(*points)
            case _:
                path.close()
    return path


def absolute(outline: str) -> Iterator[tuple[str, Numbers]]:
    """Yield the steps of an SVG path as M, L, C and Z with absolute coordinates.

    Knows what our pictures use: M L V C S Z, large and small.

    Source:
        W3C, Scalable Vector Graphics 1.1, section 8.3.
    """
    here = control = (0.0, 0.0)
    for command, numbers in _commands(outline):
        kind, points = _resolved(command, numbers, here, control)
        yield kind, points
        if points:
            here = (points[-2], points[-1])
            control = (points[-4], points[-3]) if kind == "C" else here


def _resolved(command: str, numbers: Numbers, here: Point, control: Point) -> tuple[str, Numbers]:
    kind, is_relative = command.upper(), command.islower()
    if kind == "V":
        kind, numbers = "L", (0 if is_relative else here[0], *numbers)
    if is_relative:
        numbers = tuple(number + here[place % 2] for place, number in enumerate(numbers))
    if kind == "S":
        # A smooth curve begins with the mirror image of the last control point.
        kind, numbers = "C", (2 * here[0] - control[0], 2 * here[1] - control[1], *numbers)
    return kind, numbers


def _commands(outline: str) -> Iterator[tuple[str, Numbers]]:
    tokens = _TOKENS.findall(outline)
    command = ""
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        count = _ARGUMENTS[command.upper()]
        yield command, tuple(float(tokens.pop(0)) for _ in range(count))
