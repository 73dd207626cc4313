"""Pages of exams: the candidate's side and the organisers'."""

from app.exams.views import attempt, organiser
from app.exams.views.room import pages

__all__ = ["attempt", "organiser", "pages"]
