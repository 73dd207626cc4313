"""Pages of exams: the candidate's side and the organisers'."""

from app.exams.views import attempt, coverage, organiser, practice
from app.exams.views.room import pages

__all__ = ["attempt", "coverage", "organiser", "pages", "practice"]
