"""Draw the certificate: one A4 page; the same facts always give the same bytes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.certificates import fonts, wording
from app.certificates.facts import Facts
from app.certificates.fitting import fit_name, wrap
from app.certificates.fonts import Face
from app.certificates.number import grouped
from app.certificates.ornament import draw_border, draw_mark, draw_rosette
from app.certificates.paper import (
    GOLD,
    HAIRLINE,
    HEIGHT,
    INK,
    LEFT,
    MIDDLE,
    MUTED,
    PALE,
    RED,
    RIGHT,
    TEAL,
    Paper,
    Style,
    measure,
)
from app.certificates.wording import Words

MARGIN, BAND = 9 * mm, 6 * mm
HEAD_ENDS, TABLE_BEGINS, QR_BEGINS, FOOT_BEGINS = 75 * mm, 156.5 * mm, 219.5 * mm, 254.5 * mm
TABLE_HEIGHT = 56 * mm
QR_SIZE, QR_QUIET = 34 * mm, 4
"""The quiet zone of 4 modules is part of the 34 mm."""
COLUMN = 47 * mm
NAME_SIZES = (25, 22)
"""The largest size of a name on one line, and on two."""


def draw(facts: Facts) -> bytes:
    """Return the certificate as PDF.

    Raises:
        NotDrawable: some text of the facts has a character that the fonts lack.
    """
    fonts.load()
    file = BytesIO()
    canvas = Canvas(
        file, pagesize=A4, pageCompression=1, invariant=1, lang="kk-KZ", initialFontName=Face.SANS.value
    )
    _describe(canvas, facts)
    paper = Paper(canvas)
    _draw_ornament(paper)
    _write_head(paper)
    _write_statement(paper, facts.holder)
    _write_table(paper, table(facts))
    _write_check(paper, facts)
    _write_foot(paper, is_sample=facts.sample)
    canvas.save()
    return file.getvalue()


def table(facts: Facts) -> list[tuple[Words, str]]:
    """Return the rows of the paper, label and value, in their order."""
    of = f" / {facts.score_of}"
    margin = f"  ({facts.margin[0]}–{facts.margin[1]})" if facts.margin else ""
    rows = [
        (wording.SCORE, f"{facts.score_percent}{of}{margin}"),
        (wording.PASS_MARK, f"{facts.pass_mark_percent}{of}"),
        (wording.EXAM_DAY, _written(facts.exam_day)),
        (wording.ISSUED_DAY, _written(facts.issued_day)),
        (wording.VALID_UNTIL, _written(facts.valid_until)),
        (wording.TEST_VERSION, facts.test_version),
    ]
    return [*rows, (wording.STATUS, wording.TRIAL.joined())] if facts.trial else rows


def _written(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _describe(canvas: Canvas, facts: Facts) -> None:
    canvas.setTitle(f"{wording.TITLE.kk} № {grouped(facts.number)}")
    canvas.setAuthor(wording.SCHOOL.kk)
    canvas.setSubject(wording.SCHOOL.joined())
    canvas.setCreator(wording.SCHOOL.en)
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _draw_ornament(paper: Paper) -> None:
    """Draw the border and the pale rosette: first, so that words stand upon it."""
    middle_of_table = (MIDDLE, HEIGHT - TABLE_BEGINS - TABLE_HEIGHT / 2)
    draw_rosette(paper.canvas, centre=middle_of_table, size=74 * mm, colour=PALE)
    draw_border(paper.canvas, page=A4, margin=MARGIN, band=BAND, colour=TEAL)
    paper.frame(MARGIN, TEAL, 1.2)
    paper.frame(MARGIN + BAND, GOLD, 1.6)


def _write_head(paper: Paper) -> None:
    draw_mark(paper.canvas, centre=(MIDDLE, HEIGHT - HEAD_ENDS + 44 * mm), size=15.5 * mm, colour=TEAL)
    others = f"{wording.SCHOOL.ru}  ·  {wording.SCHOOL.en}"
    paper.write_centred(wording.SCHOOL.kk, HEAD_ENDS - 29.8 * mm, Style(Face.SANS_BOLD, 12.5, TEAL))
    paper.write_centred(others, HEAD_ENDS - 24.5 * mm, Style(Face.SANS, 9, MUTED))
    paper.write_centred(wording.TITLE.kk, HEAD_ENDS - 7.5 * mm, Style(Face.SERIF_BOLD, 36, TEAL))
    paper.write_centred(wording.TITLE.en, HEAD_ENDS, Style(Face.SERIF, 14, MUTED))


def _write_statement(paper: Paper, holder: str) -> None:
    """Write who did what, halfway between the head and the table."""
    lines = list(_statement(holder))
    room = TABLE_BEGINS - HEAD_ENDS - sum(line.drop for line in lines)
    height = HEAD_ENDS + room / 2 - 1 * mm
    for line in lines:
        height += line.drop
        if line.is_rule:
            paper.rule(height, GOLD, length=104 * mm, line=1.2)
        else:
            paper.write_centred(line.text, height, line.style)


PLAIN = Style(Face.SERIF, 12)


@dataclass(frozen=True)
class _Line:
    """A line of the statement and how far below the one before it stands."""

    drop: float
    text: str = ""
    style: Style = PLAIN

    @property
    def is_rule(self) -> bool:
        return not self.text


def _statement(holder: str) -> Iterator[_Line]:
    yield _Line(3 * mm, wording.OPENING)
    name = fit_name(holder, measure(Face.SERIF_BOLD), width=RIGHT - LEFT, largest=NAME_SIZES)
    for place, text in enumerate(name.lines):
        lead = name.size * 1.25 if place else name.size * 0.9 + 4 * mm
        yield _Line(lead, text, Style(Face.SERIF_BOLD, name.size))
    yield _Line(4.4 * mm)
    for text, style, gap in (
        (wording.STATEMENT.kk, Style(Face.SERIF, 13), 8 * mm),
        (wording.STATEMENT.ru, Style(Face.SERIF, 10, MUTED), 8.6 * mm),
        (wording.STATEMENT.en, Style(Face.SERIF, 10, MUTED), 6.4 * mm),
    ):
        for place, line in enumerate(wrap(text, style.width, RIGHT - LEFT)):
            yield _Line(style.size * 1.36 if place else gap, line, style)


def _write_table(paper: Paper, rows: list[tuple[Words, str]]) -> None:
    paper.rule(TABLE_BEGINS, HAIRLINE)
    row = TABLE_HEIGHT / len(rows)
    for place, (label, value) in enumerate(rows, start=1):
        bottom = TABLE_BEGINS + place * row
        line = bottom - row / 2 + 1.3 * mm
        paper.write_left(label.kk, line, Style(Face.SANS_BOLD, 10.5))
        others, other_style, x = f"{label.ru} · {label.en}", Style(Face.SANS, 8.6, MUTED), LEFT + 41 * mm
        paper.write_left(others, line, other_style, x=x)
        room = RIGHT - x - other_style.width(others) - 4 * mm
        paper.write_right(value, line, Style(Face.SANS_BOLD, 11.5).shrunk_for(value, room))
        paper.rule(bottom, HAIRLINE)


def _write_check(paper: Paper, facts: Facts) -> None:
    _draw_qr(paper, facts.address)
    address = facts.address.removeprefix("https://")
    x = LEFT + 33 * mm
    for text, drop, style in (
        (wording.NUMBER.joined(), 1.5 * mm, Style(Face.SANS, 8.6, MUTED)),
        (f"№ {grouped(facts.number)}", 9.5 * mm, Style(Face.SANS_BOLD, 19)),
        (address, 16.3 * mm, Style(Face.SANS_BOLD, 10, TEAL).shrunk_for(address, RIGHT - x)),
        (wording.HOW_TO_CHECK.kk, 22 * mm, Style(Face.SANS, 8.3)),
        (wording.HOW_TO_CHECK.ru, 26.2 * mm, Style(Face.SANS, 8.3, MUTED)),
        (wording.HOW_TO_CHECK.en, 30.4 * mm, Style(Face.SANS, 8.3, MUTED)),
    ):
        paper.write_left(text, QR_BEGINS + drop, style, x=x)


def _draw_qr(paper: Paper, address: str) -> None:
    # Capitals make a coarser code; hosts do not mind, and the site takes the path either way.
    code = segno.make_qr(address.upper(), error="m")
    matrix = [list(row) for row in code.matrix_iter(border=QR_QUIET)]
    quiet = QR_SIZE * QR_QUIET / len(matrix)
    paper.modules(matrix, x=LEFT - quiet, height=QR_BEGINS - quiet, size=QR_SIZE)


def _write_foot(paper: Paper, *, is_sample: bool) -> None:
    paper.rule(FOOT_BEGINS, HAIRLINE)
    words = wording.NO_LEGAL_EFFECT
    for place, (text, colour) in enumerate(((words.kk, INK), (words.ru, MUTED), (words.en, MUTED))):
        style = Style(Face.SANS, 7.2, colour)
        x = LEFT + place * (RIGHT - LEFT - COLUMN) / 2
        for number, line in enumerate(wrap(text, style.width, COLUMN)):
            paper.write_left(line, FOOT_BEGINS + 5 * mm + number * 3.5 * mm, style, x=x)
    if is_sample:
        paper.write_centred(wording.SAMPLE.joined(), FOOT_BEGINS + 24 * mm, Style(Face.SANS, 7.4, RED))
