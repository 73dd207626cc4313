"""The voters' pages as files: where each lies, written so that nobody ever sees half of one. Pure."""

import gzip
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

PAGE, COMPRESSED = ".html", ".gz"
LEVEL = 9
LAST_DAY = re.compile(rb'<meta name="last-day" content="(\d{4}-\d{2}-\d{2})">')
_STAMP = "made-by.txt"


def regions_file(language: str) -> str:
    """Return where the list of regions lies."""
    return f"{language}/places/index.html"


def place_file(language: str, kato: str) -> str:
    """Return where a place's page lies."""
    return f"{language}/places/{kato}.html"


def candidate_file(language: str, public_id: UUID) -> str:
    """Return where a candidate's page lies."""
    return f"{language}/candidates/{public_id}.html"


def pdf_file(public_id: UUID) -> str:
    """Return where a candidate's published certificate lies: once, not by language."""
    return f"pdf/{public_id}.pdf"


def etag(content: bytes) -> str:
    """Return the strong tag of these very bytes."""
    return sha256(content).hexdigest()[:32]


def last_day(page: bytes) -> date | None:
    """Return the last day on which a page may be shown as it is; None where it shows nothing that ends."""
    found = LAST_DAY.search(page)
    return date.fromisoformat(found[1].decode()) if found else None


@dataclass(frozen=True)
class Sent:
    """What is sent for one page: its bytes, and the same compressed beforehand where they lie in a file."""

    content: bytes
    compressed: bytes | None = None


@dataclass(frozen=True)
class Shelf:
    """The folder of the pages.

    Attributes:
        root: the folder; made when something is first put there.
        version: what the pages were made with; pages of another version are not read.
    """

    root: Path
    version: str

    def is_current(self) -> bool:
        """Tell whether the whole folder was built with this version."""
        stamp = self.root / _STAMP
        return stamp.exists() and stamp.read_text() == self.version

    def read(self, name: str) -> Sent | None:
        """Return what lies under this name; None where nothing does."""
        content = self._bytes(name)
        return None if content is None else Sent(content, self._bytes(name + COMPRESSED))

    def _bytes(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes) -> None:
        """Write a file, the compressed form of a page first, each in one step."""
        if name.endswith(PAGE):
            # The same bytes for the same page: no time inside.
            self._replace(name + COMPRESSED, gzip.compress(content, LEVEL, mtime=0))
        self._replace(name, content)

    def remove(self, name: str) -> None:
        """Take a file and its compressed form away; nothing happens where there is none."""
        for path in (self.root / name, self.root / (name + COMPRESSED)):
            path.unlink(missing_ok=True)

    def finish(self, names: Iterable[str]) -> int:
        """Take away what is not among `names`, then mark the folder as built; return how many files went."""
        kept = {_STAMP, *names}
        kept |= {name + COMPRESSED for name in kept}
        strays = [
            path
            for path in self.root.rglob("*")
            if path.is_file() and path.relative_to(self.root).as_posix() not in kept
        ]
        for path in strays:
            path.unlink(missing_ok=True)
        self._replace(_STAMP, self.version.encode())
        return len(strays)

    def _replace(self, name: str, content: bytes) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{uuid4().hex}.new")
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
