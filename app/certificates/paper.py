"""A sheet of A4 to write on: heights count from its top edge, and no letter goes missing. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.certificates.fitting import Measure
from app.certificates.fonts import Face, ensure_drawable, width

TEAL, GOLD, INK, MUTED, RED = map(HexColor, ("#00566b", "#c99400", "#0b2530", "#4b5b63", "#b3261e"))
HAIRLINE, PALE = map(HexColor, ("#8dbcc6", "#f1f7f9"))

WIDTH, HEIGHT = A4
MIDDLE = WIDTH / 2
LEFT, RIGHT = 30 * mm, WIDTH - 30 * mm
"""Where text begins and ends: 15 mm inside the gold line."""


@dataclass(frozen=True)
class Style:
    """How a text looks."""

    face: Face
    size: float
    colour: Color = INK

    def width(self, text: str) -> float:
        """Return how wide `text` comes out."""
        return width(text, self.face, self.size)

    def shrunk_for(self, text: str, room: float) -> "Style":
        """Return this style, smaller where `text` would be wider than `room`."""
        return replace(self, size=min(self.size, self.size * room / self.width(text)))


@dataclass(frozen=True)
class Paper:
    """Where texts and lines are put. A height is that of the line the letters stand on.

    Raises:
        NotDrawable: by every method that writes, at a character that the fonts lack.
    """

    canvas: Canvas

    def write_left(self, text: str, height: float, style: Style, *, x: float = LEFT) -> None:
        """Write a text that begins at `x`."""
        ensure_drawable(text)
        self.canvas.setFont(style.face, style.size)
        self.canvas.setFillColor(style.colour)
        # The space at its end is for those who listen: without it words of two lines run together.
        self.canvas.drawString(x, HEIGHT - height, f"{unicodedata.normalize('NFC', text)} ")

    def write_right(self, text: str, height: float, style: Style) -> None:
        """Write a text that ends at the right edge."""
        self.write_left(text, height, style, x=RIGHT - style.width(text))

    def write_centred(self, text: str, height: float, style: Style) -> None:
        """Write a text in the middle of the page."""
        self.write_left(text, height, style, x=MIDDLE - style.width(text) / 2)

    def rule(self, height: float, colour: Color, *, length: float = RIGHT - LEFT, line: float = 0.6) -> None:
        """Draw a line across the middle of the page."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(line)
        self.canvas.setLineCap(0)
        self.canvas.line(MIDDLE - length / 2, HEIGHT - height, MIDDLE + length / 2, HEIGHT - height)

    def frame(self, inset: float, colour: Color, line: float) -> None:
        """Draw a line around the page, `inset` from its edges."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(line)
        self.canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)

    def modules(self, matrix: Sequence[Sequence[int]], *, x: float, height: float, size: float) -> None:
        """Fill the dark modules of a code whose top left corner is at `x`, `height`; one rectangle a run."""
        self.canvas.setFillColor(INK)
        module = size / len(matrix)
        path = self.canvas.beginPath()
        for row, cells in enumerate(matrix):
            bottom = HEIGHT - height - (row + 1) * module
            for start, end in _runs(cells):
                path.rect(x + start * module, bottom, (end - start) * module, module)
        self.canvas.drawPath(path, stroke=0, fill=1)


def measure(face: Face) -> Measure:
    """Return how wide a text is in this face at size 1."""
    return Style(face, 1).width


def _runs(cells: Sequence[int]) -> list[tuple[int, int]]:
    edges = [
        place
        for place, (before, cell) in enumerate(zip((0, *cells), (*cells, 0), strict=True))
        if bool(before) != bool(cell)
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))
