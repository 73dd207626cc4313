"""Learning: what a person sees of a lesson, quick checks, progress."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core.database import Json
from app.core.errors import N_, Invalid, NotYours, Refused
from app.core.permissions import Actor
from app.training.models import CheckAnswer, Lesson, LessonProgress, LessonText, Module
from app.training.service.course import catalogue, is_open


class CourseClosed(Refused):
    """The course is not open to this person."""

    message = N_(
        "The course opens when the result of your suitability test is released and finds you suitable."
    )
    status = 403


class ChecksLeft(Refused):
    """A lesson is finished when each of its quick checks has an answer."""

    message = N_("Answer every quick check of this lesson first.")


@dataclass(frozen=True)
class CheckView:
    """One quick check as one person sees it; `given` and `is_right` are None until they answer."""

    key: str
    words: Json
    options: list[str]
    given: str | None
    is_right: bool | None


@dataclass(frozen=True)
class LessonLine:
    """One lesson in the list: done, now (the next one), or later."""

    lesson: Lesson
    state: str
    has_changed: bool


@dataclass(frozen=True)
class ModuleOutline:
    """One module with its lessons as one person stands in them."""

    module: Module
    lines: list[LessonLine]


@dataclass(frozen=True)
class LessonView:
    """One lesson as one person sees it."""

    lesson: Lesson
    number: int
    lines: list[LessonLine]
    checks: list[CheckView]
    is_finished: bool
    before: Lesson | None
    after: Lesson | None


@dataclass(frozen=True)
class ModuleView:
    """One module as one person sees it.

    Attributes:
        number: its place in the course, from 1.
        is_open: its lessons may be read.
    """

    module: Module
    number: int
    lines: list[LessonLine]
    is_open: bool
    before: Module | None
    after: Module | None

    @property
    def lessons(self) -> list[Lesson]:
        return [line.lesson for line in self.lines]


def _finished(session: Session, person_id: int) -> dict[str, str]:
    rows = session.execute(
        select(LessonProgress.lesson_key, LessonProgress.content_hash).where(
            LessonProgress.person_id == person_id
        )
    )
    return dict(rows.all())


def outline(session: Session, person_id: int) -> list[ModuleOutline]:
    """Return the whole course with what is done, what is next, what changed since."""
    finished = _finished(session, person_id)
    modules = catalogue(session)
    coming = next((one.key for one in _in_order(modules) if one.key not in finished), None)
    return [
        ModuleOutline(module, [_line(one, finished, coming) for one in _live(module)]) for module in modules
    ]


def _line(lesson: Lesson, finished: dict[str, str], coming: str | None) -> LessonLine:
    done = lesson.key in finished
    state = "done" if done else "now" if lesson.key == coming else "later"
    return LessonLine(lesson, state, has_changed=done and finished[lesson.key] != lesson.content_hash)


def _live(module: Module) -> list[Lesson]:
    return [lesson for lesson in module.lessons if lesson.retired_at is None]


def _in_order(modules: Iterable[Module]) -> list[Lesson]:
    return [lesson for module in modules for lesson in _live(module)]


def progress_in(modules: Iterable[ModuleOutline]) -> tuple[int, int, Lesson | None]:
    """Return how many lessons are finished, how many there are, and the next one (None at the end)."""
    lines = [line for module in modules for line in module.lines]
    coming = next((line.lesson for line in lines if line.state == "now"), None)
    return sum(line.state == "done" for line in lines), len(lines), coming


def progress(session: Session, person_id: int) -> tuple[int, int, Lesson | None]:
    """Return the person's progress; see `progress_in`."""
    return progress_in(outline(session, person_id))


def progress_of_many(session: Session, person_ids: Sequence[int]) -> dict[int, int]:
    """Return how many lessons each of these people has finished; in one query."""
    counted = session.execute(
        select(LessonProgress.person_id, func.count())
        .join(Lesson, Lesson.key == LessonProgress.lesson_key)
        .where(LessonProgress.person_id.in_(person_ids), Lesson.retired_at.is_(None))
        .group_by(LessonProgress.person_id)
    )
    return dict(counted.all())


def is_finished(session: Session, person_id: int) -> bool:
    """Tell whether every lesson is finished; an empty course is not."""
    finished, total, _ = progress(session, person_id)
    return 0 < total <= finished


def _open_lesson(session: Session, actor: Actor, module_key: str, lesson_key: str) -> Lesson:
    """Return a lesson that is open to the actor; the only way to one.

    Raises:
        NotYours: there is no such lesson in this module.
        CourseClosed: the course is not open to the actor.
    """
    lesson = session.get(Lesson, lesson_key)
    if lesson is None or lesson.module_key != module_key or lesson.retired_at is not None:
        raise NotYours
    if not is_open(session, actor.person_id):
        raise CourseClosed
    return lesson


def lesson_view(session: Session, actor: Actor, module_key: str, lesson_key: str) -> LessonView:
    """Return what the actor sees of one lesson.

    Raises:
        NotYours: there is no such lesson.
        CourseClosed: the course is not open to the actor.
    """
    lesson = _open_lesson(session, actor, module_key, lesson_key)
    modules = outline(session, actor.person_id)
    lines = next(one.lines for one in modules if one.module.key == module_key)
    order = [line.lesson for one in modules for line in one.lines]
    place = order.index(lesson)
    given = _answers(session, actor.person_id, lesson)
    return LessonView(
        lesson=lesson,
        number=lesson.position,
        lines=lines,
        checks=[_check_view(check, given.get(check["key"])) for check in lesson.checks],
        is_finished=any(line.lesson is lesson and line.state == "done" for line in lines),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


def texts_of(session: Session, lessons: Sequence[Lesson], language: str) -> dict[str, LessonText]:
    """Return the texts of some lessons in one language, by the lesson's key; their quick checks come along."""
    query = (
        select(LessonText)
        .where(LessonText.lesson_key.in_([lesson.key for lesson in lessons]), LessonText.language == language)
        .options(joinedload(LessonText.lesson, innerjoin=True).undefer(Lesson.checks))
    )
    return {text.lesson_key: text for text in session.scalars(query)}


def module_view(session: Session, actor: Actor, module_key: str, *, whole: bool = False) -> ModuleView:
    """Return what the actor sees of one module.

    Args:
        session: to read with.
        actor: whoever reads.
        module_key: which.
        whole: the lessons' texts are wanted, not only what the contents say.

    Raises:
        NotYours: there is no such module.
        CourseClosed: the whole is wanted, and the course is not open to the actor.
    """
    modules = outline(session, actor.person_id)
    place = next((place for place, one in enumerate(modules) if one.module.key == module_key), None)
    if place is None:
        raise NotYours
    is_open_ = is_open(session, actor.person_id)
    if whole and not is_open_:
        raise CourseClosed
    return ModuleView(
        module=modules[place].module,
        number=place + 1,
        lines=modules[place].lines,
        is_open=is_open_,
        before=modules[place - 1].module if place else None,
        after=modules[place + 1].module if place + 1 < len(modules) else None,
    )


def _answers(session: Session, person_id: int, lesson: Lesson) -> dict[str, CheckAnswer]:
    rows = session.scalars(
        select(CheckAnswer).where(CheckAnswer.person_id == person_id, CheckAnswer.lesson_key == lesson.key)
    )
    return {row.check_key: row for row in rows}


def _check_view(check: Json, given: CheckAnswer | None) -> CheckView:
    # An option that a newer wording no longer has counts as not answered.
    live = given if given is not None and given.answer in check["options"] else None
    return CheckView(
        key=check["key"],
        words=check["words"],
        options=check["options"],
        given=live.answer if live else None,
        is_right=live.answer == check["answer"] if live else None,
    )


def answer_check(
    session: Session,
    actor: Actor,
    module_key: str,
    lesson_key: str,
    check_key: str,
    *,
    answer: str,
    now: datetime,
) -> None:
    """Keep the actor's newest answer to one quick check.

    Raises:
        NotYours: there is no such lesson or check.
        CourseClosed: the course is not open to the actor.
        Invalid: the answer is none of the options.
    """
    lesson = _open_lesson(session, actor, module_key, lesson_key)
    check = next((one for one in lesson.checks if one["key"] == check_key), None)
    if check is None:
        raise NotYours
    if answer not in check["options"]:
        raise Invalid
    row = session.scalar(
        select(CheckAnswer)
        .where(
            CheckAnswer.person_id == actor.person_id,
            CheckAnswer.lesson_key == lesson_key,
            CheckAnswer.check_key == check_key,
        )
        .with_for_update()
    ) or CheckAnswer(person_id=actor.person_id, lesson_key=lesson_key, check_key=check_key)
    row.answer, row.is_right, row.answered_at = answer, answer == check["answer"], now
    session.add(row)
    session.flush()


def finish(
    session: Session, actor: Actor, module_key: str, lesson_key: str, *, now: datetime
) -> Lesson | None:
    """Note that the actor has finished a lesson; return the next unfinished one, None at the end.

    Raises:
        NotYours: there is no such lesson.
        CourseClosed: the course is not open to the actor.
        ChecksLeft: a quick check has no answer yet.
    """
    view = lesson_view(session, actor, module_key, lesson_key)
    if any(check.given is None for check in view.checks):
        raise ChecksLeft
    row = session.scalar(
        select(LessonProgress)
        .where(LessonProgress.person_id == actor.person_id, LessonProgress.lesson_key == lesson_key)
        .with_for_update()
    ) or LessonProgress(person_id=actor.person_id, lesson_key=lesson_key, finished_at=now)
    row.content_hash = view.lesson.content_hash
    session.add(row)
    session.flush()
    return progress(session, actor.person_id)[2]
