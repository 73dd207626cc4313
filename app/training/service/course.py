"""The course as a whole: loading it from its files, and opening it to people."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.alphabet import fold
from app.core.content import LANGUAGES, Language
from app.core.database import Json, insert_once
from app.core.languages import force_locale, gettext
from app.core.markdown import render, without_marks
from app.core.settings import Settings
from app.core.svg import draw
from app.training.files import CourseModule, LessonFile
from app.training.models import Enrolment, Lesson, LessonText, Module, TeamMembership


def sync(session: Session, modules: Sequence[CourseModule], *, now: datetime) -> int:
    """Make the tables say what the files say; return how many lessons are new or changed.

    Nothing is deleted: what the files no longer hold is retired, with everyone's progress kept.
    """
    changed = 0
    for position, module in enumerate(modules, start=1):
        row = session.get(Module, module.file.key) or Module(key=module.file.key)
        row.position = position
        row.title, row.summary = module.file.title.model_dump(), module.file.summary.model_dump()
        row.competencies = list(module.file.competencies)
        row.about = _about(module)
        row.retired_at = None
        session.add(row)
        session.flush()
        for place, lesson in enumerate(module.lessons, start=1):
            changed += _sync_lesson(session, module.file.key, place, lesson)
    _retire(session, modules, now)
    return changed


def _about(module: CourseModule) -> Json:
    file = module.file
    return {
        "outcomes": [outcome.model_dump() for outcome in file.outcomes],
        "roles": list(file.roles),
        "case": {
            "title": file.case.title.model_dump(),
            "opening": {language: str(render(file.case.opening[language])) for language in LANGUAGES},
        },
        "sheet": {language: str(render(text)) for language, text in module.summary.items()},
    }


def _sync_lesson(session: Session, module_key: str, position: int, file: LessonFile) -> bool:
    row = session.get(Lesson, file.entry.key) or Lesson(key=file.entry.key, content_hash="")
    row.module_key, row.position, row.retired_at = module_key, position, None
    content_hash = file.content_hash()
    if row.content_hash == content_hash:
        return False
    texts = [_text(file, language) for language in LANGUAGES]
    row.minutes = file.entry.minutes
    row.texts = {text.language: _head(file, text) for text in texts}
    row.checks = [_check(file, number) for number in range(len(file.entry.checks))]
    row.meta = {
        **file.entry.model_dump(mode="json", include={"competencies", "functions", "sources"}),
        "terms": file.terms(),
        "changed": file.tells_of_change(),
    }
    row.content_hash = content_hash
    session.add(row)
    session.flush()
    for text in texts:
        session.merge(text)
    return True


def _text(file: LessonFile, language: Language) -> LessonText:
    front = file.front[language]
    figures = {name: draw(figure, language) for name, figure in file.figures.items()}
    with force_locale(language):
        changed = gettext("What changed in 2026")
    html = str(render(file.body[language], figures=figures, changed=changed))
    plain = f"{front.title}. {front.lead.strip()} {without_marks(html)}"
    return LessonText(
        lesson_key=file.entry.key,
        language=language,
        html=html,
        case={part: str(render(text)) for part, text in front.case.model_dump().items()},
        plain=plain,
        folded=f" {fold(plain)}",
    )


def _head(file: LessonFile, text: LessonText) -> Json:
    """Return what lists show of the lesson in the language of `text`."""
    front = file.front[cast("Language", text.language)]
    return {"title": front.title, "lead": front.lead.strip(), "bytes": len(text.html.encode())}


def _check(file: LessonFile, number: int) -> Json:
    bones = file.entry.checks[number]
    words = {language: file.front[language].checks[bones.key].model_dump() for language in LANGUAGES}
    return {**bones.model_dump(), "words": words}


def _retire(session: Session, modules: Sequence[CourseModule], now: datetime) -> None:
    kept = {module.file.key for module in modules}
    lessons = {lesson.entry.key for module in modules for lesson in module.lessons}
    for module in session.scalars(select(Module).where(Module.retired_at.is_(None))):
        if module.key not in kept:
            module.retired_at = now
    for lesson in session.scalars(select(Lesson).where(Lesson.retired_at.is_(None))):
        if lesson.key not in lessons:
            lesson.retired_at = now


def catalogue(session: Session) -> list[Module]:
    """Return the modules in order, each with its lessons."""
    return list(session.scalars(select(Module).where(Module.retired_at.is_(None)).order_by(Module.position)))


def open_course(session: Session, person_id: int, reason: str, *, now: datetime) -> None:
    """Open the course to a person; once open it stays open, and the first reason stays.

    Args:
        session: the running transaction.
        person_id: whom.
        reason: suitable, or setting.
        now: the moment.
    """
    insert_once(session, Enrolment, person_id=person_id, reason=reason, opened_at=now)


def is_open(session: Session, person_id: int) -> bool:
    """Tell whether the course is open: by the settings, by an own enrolment, or by that of the team's leader."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.suitability_opens_course:
        return True
    leader = select(TeamMembership.leader_id).where(
        TeamMembership.person_id == person_id, TeamMembership.left_at.is_(None)
    )
    enrolled = select(Enrolment.person_id).where(
        (Enrolment.person_id == person_id) | Enrolment.person_id.in_(leader)
    )
    return session.scalar(enrolled.limit(1)) is not None
