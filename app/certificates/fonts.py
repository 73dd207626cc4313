"""The four faces of the certificate, and the check that they have every letter. Pure."""

import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from app.core.errors import N_, Refused

FOLDER = Path(__file__).parent / "fonts"


class Face(StrEnum):
    """A face; its value is the name of its file."""

    SERIF = "NotoSerif-Regular"
    """Solemn words."""
    SERIF_BOLD = "NotoSerif-Bold"
    """Title and name."""
    SANS = "NotoSans-Regular"
    """Facts."""
    SANS_BOLD = "NotoSans-Bold"
    """Facts in Kazakh, values."""


class NotDrawable(Refused):
    """A text holds a character that the certificate's fonts lack: it would come out as an empty box."""

    message = N_("The certificate cannot be drawn: its fonts have no character %(character)s.")
    status = 422


def ensure_drawable(text: str) -> None:
    """Raise `NotDrawable` at the first character that some face lacks.

    A letter and its mark are taken as one where Unicode has them as one; other combining marks are refused.
    """
    known = _known_characters()
    for character in unicodedata.normalize("NFC", text):
        if character not in known:
            raise NotDrawable(character=_named(character))


def width(text: str, face: Face, size: float) -> float:
    """Return how wide `text` comes out, in points."""
    load()
    return float(stringWidth(text, face, size))


@cache
def load() -> tuple[TTFont, ...]:
    """Make the faces known to ReportLab, once."""
    faces = tuple(TTFont(face.value, str(FOLDER / f"{face}.ttf")) for face in Face)
    for face in faces:
        registerFont(face)
    return faces


@cache
def _known_characters() -> frozenset[str]:
    per_face = [set(face.face.charToGlyph) for face in load()]
    return frozenset(chr(code) for code in set.intersection(*per_face))


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{character} ({code})" if character.isprintable() else code
