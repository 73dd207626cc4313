"""Pages of exams: the candidate's side and the organisers'."""

from app.exams.views import (
    attempt,
    board,
    coverage,
    custody,
    decisions,
    events,
    files,
    organiser,
    practice,
    receipts,
    rehearsal,
    seats,
)
from app.exams.views.room import pages

__all__ = [
    "attempt",
    "board",
    "coverage",
    "custody",
    "decisions",
    "events",
    "files",
    "organiser",
    "pages",
    "practice",
    "receipts",
    "rehearsal",
    "seats",
]
