"""What can be done with the course: load it, open it, learn in it; teams."""

from app.training.service.course import catalogue, is_open, open_course, sync
from app.training.service.finding import find_terms, search, uses_of_acts
from app.training.service.learning import (
    LessonView,
    ModuleView,
    answer_check,
    finish,
    is_finished,
    lesson_view,
    module_view,
    outline,
    progress,
    progress_of_many,
)
from app.training.service.teams import (
    cancel_invite,
    invite,
    invites,
    join,
    leader_of,
    leave,
    let_go,
    live_invite,
    members,
)

__all__ = [
    "LessonView",
    "ModuleView",
    "answer_check",
    "cancel_invite",
    "catalogue",
    "find_terms",
    "finish",
    "invite",
    "invites",
    "is_finished",
    "is_open",
    "join",
    "leader_of",
    "leave",
    "lesson_view",
    "let_go",
    "live_invite",
    "members",
    "module_view",
    "open_course",
    "outline",
    "progress",
    "progress_of_many",
    "search",
    "sync",
    "uses_of_acts",
]
