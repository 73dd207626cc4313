"""The commission's list of registered candidates, as a CSV file: read strictly, every fault named. Pure."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from app.core.errors import N_, Refused
from app.places.tree import is_code

COLUMNS = ("kato", "name")
MOST_LINES = 5000
LONGEST_NAME = 120
_NAME = re.compile(r"[^\W\d_]+(?:[-'’.\s]+[^\W\d_]+)*\.?")


class BadList(Refused):
    """The file cannot be taken over; nothing of it was."""

    message = N_("The file has faults. Nothing was taken over.")
    status = 422

    def __init__(self, faults: "list[Fault]") -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which line (1 is the head of the table)."""

    line: int
    message: str


@dataclass(frozen=True)
class Line:
    """One registered candidate: the code of the place, and the name as the commission writes it."""

    number: int
    kato: str
    name: str


def read(content: bytes) -> list[Line]:
    """Return the candidates of a file with the columns `kato` and `name`, separated by commas or semicolons.

    Raises:
        BadList: the file is no such table, or lines of it are wrong; every fault is named.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadList([Fault(1, N_("The file is not in UTF-8."))]) from None
    head = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in head else ",", strict=False))
    if not rows or tuple(cell.strip().casefold() for cell in rows[0]) != COLUMNS:
        raise BadList([Fault(1, N_("The first line must be: kato,name"))])
    if len(rows) - 1 > MOST_LINES:
        raise BadList([Fault(MOST_LINES + 2, N_("The file has too many lines."))])
    return _lines(rows)


def _lines(rows: list[list[str]]) -> list[Line]:
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        line = Line(number, row[0].strip(), plain_name(row[1])) if len(row) == len(COLUMNS) else None
        if problem := _problem(line, seen):
            faults.append(Fault(number, problem))
        elif line:
            seen.add((line.kato, line.name))
            lines.append(line)
    if not lines and not faults:
        faults.append(Fault(2, N_("The file names nobody.")))
    if faults:
        raise BadList(faults)
    return lines


def _problem(line: Line | None, seen: set[tuple[str, str]]) -> str | None:
    if line is None:
        return N_("The line does not have two columns.")
    if not is_code(line.kato):
        return N_("The code of the place is not nine digits.")
    if len(line.name) > LONGEST_NAME or not _NAME.fullmatch(line.name) or " " not in line.name:
        return N_("The name must be a surname and a name, in letters.")
    return N_("The name stands twice in the list of this place.") if (line.kato, line.name) in seen else None


def plain_name(text: str) -> str:
    """Return a name with single spaces and composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())
