"""What was loaded from files: known by a digest, so that a start in which nothing changed reads nothing twice."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, unit_of_work
from app.core.settings import ROOT


class Load(Base):
    """The state of the files at the newest load of one part of the content."""

    __tablename__ = "loads"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


def digest(content: Path) -> str:
    """Return SHA-256 in hex over the content, and over the code that reads it: other code may read it otherwise."""
    total = sha256()
    paths = [path for folder in ("course_content", "question_bank") for path in (content / folder).rglob("*")]
    code = [path for kind in ("*.py", "*.po") for path in (ROOT / "app").rglob(kind)]
    for path in sorted([*paths, *code]):
        if path.is_file():
            total.update(str(path).encode())
            total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


def when_changed(name: str, content: Path, load: Callable[[], str]) -> Callable[[], str]:
    """Return `load`, done only when the files are not those of its newest load into this database."""

    def loaded() -> str:
        found = digest(content)
        with unit_of_work() as session:
            known = session.get(Load, name)
            if known is not None and known.digest == found:
                return "nothing new"
        said = load()
        with unit_of_work() as session:
            session.merge(Load(name=name, digest=found))
        return said

    return loaded
