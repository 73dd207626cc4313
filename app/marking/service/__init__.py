"""What can be done in marking: take scripts in, give them to examiners, mark, adjudicate, look on."""

from app.marking.agreement import Given
from app.marking.service.giving import THIRD, assign_waiting
from app.marking.service.intake import MarkedAlready, reopen, take_in
from app.marking.service.looking import NotADistrict, districts, examiners, note_district
from app.marking.service.marks import (
    AlreadyMarked,
    ReasonMissing,
    give,
    next_code,
    own_marking,
    queue_of,
)
from app.marking.service.reading import BlindScript, MarkView, blind_script, marks_on, other_marks
from app.marking.service.settling import points_of

__all__ = [
    "THIRD",
    "AlreadyMarked",
    "BlindScript",
    "Given",
    "MarkView",
    "MarkedAlready",
    "NotADistrict",
    "ReasonMissing",
    "assign_waiting",
    "blind_script",
    "districts",
    "examiners",
    "give",
    "marks_on",
    "next_code",
    "note_district",
    "other_marks",
    "own_marking",
    "points_of",
    "queue_of",
    "reopen",
    "take_in",
]
