"""The six steps of a candidate: where each stands, and the one thing to do next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from sqlalchemy.orm import Session

from app.candidacy import service as candidacy
from app.core.errors import N_
from app.core.languages import gettext, in_language_of, show_bytes, show_date, show_day
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import service as exams
from app.places.models import Place
from app.publication import service as publication
from app.results import service as results
from app.training import service as training


@dataclass(frozen=True)
class Coming:
    """The one next step."""

    title: str
    line: str
    url: str
    action: str


@dataclass(frozen=True)
class Step:
    """One of the six.

    Attributes:
        title: its fixed name.
        state: done, now, later or free (nobody need take it).
        tag: its state in words.
        tag_kind: as in `core/parts.html`.
        line: one sentence; may be empty.
        url: where to look; may be empty.
        action: the words of the link.
        coming: what to do, if this is where the person stands.
    """

    title: str
    state: str
    tag: str
    tag_kind: str = "none"
    line: str = ""
    url: str = ""
    action: str = ""
    coming: Coming | None = None


@dataclass(frozen=True)
class Path:
    """What the home page shows."""

    steps: list[Step]
    coming: Coming | None
    place: Place | None
    members: int


@dataclass(frozen=True)
class _Walker:
    """Whose path it is, and what the steps share."""

    session: Session
    actor: Actor
    now: datetime
    settings: Settings

    @property
    def id(self) -> int:
        return self.actor.person_id


TITLES = (
    N_("Requirements"),
    N_("Suitability test"),
    N_("Course"),
    N_("Exam"),
    N_("Result"),
    N_("Publication"),
)


def path(session: Session, actor: Actor, now: datetime) -> Path:
    """Return the actor's path."""
    walker = _Walker(session, actor, now, current_app.extensions["settings"])
    makers: tuple[Callable[[_Walker], Step], ...] = (
        _requirements,
        lambda one: _test(one, "suitability"),
        _course,
        lambda one: _test(one, "exam"),
        _result,
        _publication,
    )
    steps = [make(walker) for make in makers]
    place = candidacy.place_of(session, actor.person_id)
    coming = next((step.coming for step in steps if step.state == "now" and step.coming), None)
    if place is None and steps[0].state == "done":
        coming = _choose_place()
    return Path(steps, coming, place, len(training.members(session, actor)))


def _choose_place() -> Coming:
    return Coming(
        gettext("Choose the place where you want to become akim"),
        gettext("1 minute"),
        url_for("candidacy.place"),
        gettext("Choose the place"),
    )


def _requirements(walker: _Walker) -> Step:
    title, url = gettext(TITLES[0]), url_for("candidacy.requirements_page")
    summary = candidacy.summary(walker.session, walker.id)
    if not summary.is_answered:
        coming = Coming(
            gettext("Check whether the law lets you stand"),
            gettext("5 minutes"),
            url,
            gettext("Open the requirements"),
        )
        return Step(title, "now", gettext("Not checked yet"), "now", coming=coming)
    papers = len(summary.papers)
    line = gettext("Papers for the commission: %(number)s.", number=papers) if papers else ""
    return Step(title, "done", gettext("Checked"), "ok", line, url, gettext("Look"))


def _test(walker: _Walker, kind: str) -> Step:
    """Return the step of the suitability test or of the exam: both are attempts of one engine."""
    name = TITLES[1] if kind == "suitability" else TITLES[3]
    title = gettext(name)
    url = url_for("exams.entry", kind=kind)
    result = results.released(walker.session, walker.id, kind)
    if result is not None and result.has_passed:
        look = url_for("results.result", public_id=result.public_id)
        return Step(
            title,
            "done",
            gettext("The result is out"),
            "ok",
            _day(result.released_at),
            look,
            gettext("Look"),
        )
    entry = exams.entry(walker.session, walker.actor, kind, walker.settings, now=walker.now)
    if entry.running is not None:
        coming = Coming(
            gettext("You have begun an attempt"),
            gettext("It ends at %(moment)s.", moment=show_date(entry.running.deadline)),
            url_for("exams.attempt", attempt_id=entry.running.public_id),
            gettext("Go on"),
        )
        return Step(title, "now", gettext("Running"), "now", coming=coming)
    if entry.ended and (result is None or result.attempt_id != entry.ended[0].id):
        receipt = url_for("exams.receipt", attempt_id=entry.ended[0].public_id)
        line = gettext("You will get a letter.")
        return Step(
            title, "now", gettext("Waiting for the result"), "wait", line, receipt, gettext("Receipt")
        )
    if result is not None:
        return _again(title, url, result.public_id, entry)
    if entry.needs_course and not entry.has_finished_course:
        return Step(title, "later", gettext("Opens after the course"), url=url, action=gettext("What it is"))
    coming = Coming(title, _minutes(entry), url, gettext("Open"))
    return Step(
        title,
        "now",
        gettext("Open to you") if entry.may_start else gettext("No sitting is open"),
        "now",
        coming=coming,
    )


def _day(moment: datetime | None) -> str:
    return "" if moment is None else show_day(moment)


def _minutes(entry: exams.Entry) -> str:
    return gettext("%(minutes)s min", minutes=entry.doors[0].minutes) if entry.doors else ""


def _again(title: str, url: str, result_id: object, entry: exams.Entry) -> Step:
    look = url_for("results.result", public_id=result_id)
    if entry.retake_at is not None:
        line = gettext("You can take it again from %(day)s.", day=show_day(entry.retake_at))
        return Step(title, "now", gettext("The result is out"), "wait", line, look, gettext("Look"))
    coming = Coming(gettext("You may take it again"), _minutes(entry), url, gettext("Open"))
    return Step(title, "now", gettext("The result is out"), "wait", "", look, gettext("Look"), coming)


def _course(walker: _Walker) -> Step:
    title, url = gettext(TITLES[2]), url_for("training.course")
    finished, total, lesson = training.progress(walker.session, walker.id)
    if not training.is_open(walker.session, walker.id):
        return Step(
            title, "later", gettext("Opens after the suitability test"), url=url, action=gettext("Contents")
        )
    said = gettext("Finished: %(done)s / %(all)s", done=finished, all=total)
    if lesson is None:
        return Step(title, "done", said, "ok", url=url, action=gettext("Read again"))
    line = " · ".join(
        (
            gettext("%(minutes)s min", minutes=lesson.minutes),
            show_bytes(in_language_of(lesson.texts, "bytes")),
        )
    )
    coming = Coming(
        in_language_of(lesson.texts, "title"),
        line,
        url_for("training.lesson", module=lesson.module_key, lesson=lesson.key),
        gettext("Open the lesson"),
    )
    return Step(title, "now", said, "now", url=url, action=gettext("Contents"), coming=coming)


def _result(walker: _Walker) -> Step:
    title = gettext(TITLES[4])
    result = results.released(walker.session, walker.id, "exam")
    if result is None:
        return Step(
            title, "later", gettext("No result yet"), line=gettext("After the exam; a letter will tell you.")
        )
    url = url_for("results.result", public_id=result.public_id)
    if result.has_passed:
        url = url_for("certificates.certificate", result_id=result.public_id)
    state = "done" if result.has_passed else "now"
    is_public = any(
        one.result_id == result.id for one in publication.live_consents(walker.session, walker.id)
    )
    said = gettext("Published") if is_public else gettext("Only you see it")
    action = gettext("Certificate") if result.has_passed else gettext("Look")
    return Step(title, state, said, "ok", _day(result.released_at), url, action)


def _publication(walker: _Walker) -> Step:
    title, url = gettext(TITLES[5]), url_for("publication.mine")
    if publication.live_consents(walker.session, walker.id):
        return Step(title, "done", gettext("Published"), "ok", url=url, action=gettext("Look or withdraw"))
    line = gettext("You decide when you have a result.")
    return Step(
        title, "free", gettext("Your free choice"), line=line, url=url, action=gettext("How it works")
    )
