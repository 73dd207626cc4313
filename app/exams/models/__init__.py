"""Tables of exams."""

from app.exams.models.attempts import (
    AcceptedLate,
    AnswerEvent,
    Attempt,
    CurrentAnswer,
    Flag,
    Lease,
    Outage,
    RefusedAnswer,
    ShownReason,
    TimeGrant,
)
from app.exams.models.organising import AnswerFile, ClockAlarm, Decision, Incident, Seat, SeatEntry
from app.exams.models.papers import (
    BlueprintVersion,
    Custody,
    Paper,
    PaperEnvelope,
    PaperItem,
    PaperShare,
    Sitting,
    SittingPaper,
)

__all__ = [
    "AcceptedLate",
    "AnswerEvent",
    "AnswerFile",
    "Attempt",
    "BlueprintVersion",
    "ClockAlarm",
    "CurrentAnswer",
    "Custody",
    "Decision",
    "Flag",
    "Incident",
    "Lease",
    "Outage",
    "Paper",
    "PaperEnvelope",
    "PaperItem",
    "PaperShare",
    "RefusedAnswer",
    "Seat",
    "SeatEntry",
    "ShownReason",
    "Sitting",
    "SittingPaper",
    "TimeGrant",
]
