"""Pages of training: the course, modules, lessons, quick checks, words and sources, the team."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.core import assets, clock
from app.core.access import current_actor, signed_in
from app.core.database import db
from app.core.errors import N_
from app.core.forms import Press
from app.core.glossary import Glossary, TermFile
from app.core.languages import current, gettext
from app.core.pages import say
from app.core.permissions import Permission
from app.training import service
from app.training.forms import CheckForm
from app.training.models import Lesson, LessonText

pages = Blueprint("training", __name__, template_folder="templates")
LONGEST_QUERY = 80
ROLES = {
    "deputy": N_("Deputy akim"),
    "accountant": N_("Accountant"),
    "land": N_("Land and property"),
    "social": N_("Social work"),
    "clerk": N_("Clerk"),
}
"""Who works beside an akim, as the files of modules name them."""


@pages.get("/course")
def course() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    outline = service.outline(session, actor.person_id)
    finished, total, coming = service.progress_in(outline)
    return render_template(
        "training/course.html",
        outline=outline,
        is_open=service.is_open(session, actor.person_id),
        finished=finished,
        total=total,
        coming=coming,
    )


@pages.get("/course/search")
def search() -> ResponseReturnValue:
    query = request.args.get("q", "")[:LONGEST_QUERY]
    session, actor = db.session(), current_actor()
    return render_template(
        "training/search.html",
        query=query,
        hits=service.search(session, query, current()),
        terms=service.find_terms(_glossary(), query, current()) if query.strip() else [],
        is_open=service.is_open(session, actor.person_id),
    )


@pages.get("/course/roles")
def roles() -> ResponseReturnValue:
    modules = [part.module for part in service.outline(db.session(), current_actor().person_id)]
    return render_template("training/roles.html", modules=modules, roles=ROLES)


@pages.get("/course/<string:module>")
def module(module: str) -> ResponseReturnValue:
    view = service.module_view(db.session(), current_actor(), module)
    return render_template("training/module.html", view=view, roles=ROLES)


@pages.get("/course/<string:module>/case")
def case(module: str) -> ResponseReturnValue:
    view = service.module_view(db.session(), current_actor(), module, whole=True)
    return render_template("training/case.html", view=view, texts=_texts(view.lessons))


@pages.get("/course/<string:module>/sheet")
def sheet(module: str) -> ResponseReturnValue:
    view = service.module_view(db.session(), current_actor(), module, whole=True)
    return render_template("training/sheet.html", view=view)


@pages.get("/course/<string:module>/file")
def file(module: str) -> ResponseReturnValue:
    view = service.module_view(db.session(), current_actor(), module, whole=True)
    page = render_template(
        "training/file.html",
        view=view,
        texts=_texts(view.lessons),
        acts=current_app.extensions["acts"],
        terms=_terms(key for lesson in view.lessons for key in lesson.meta["terms"]),
        style=Markup(f"<style>{assets.text('site.css')}</style>"),  # noqa: S704 - our own stylesheet
    )
    answer = current_app.response_class(page, mimetype="text/html")
    answer.headers["Content-Disposition"] = f"attachment; filename=akim-{view.module.key}-{current()}.html"
    return answer


@pages.get("/course/<string:module>/<string:lesson>")
def lesson(module: str, lesson: str) -> ResponseReturnValue:
    view = service.lesson_view(db.session(), current_actor(), module, lesson)
    return render_template(
        "training/lesson.html",
        view=view,
        text=_texts([view.lesson])[view.lesson.key],
        acts=current_app.extensions["acts"],
        functions=current_app.extensions["functions"],
        terms=_terms(view.lesson.meta["terms"]),
    )


def _texts(lessons: Sequence[Lesson]) -> dict[str, LessonText]:
    return service.texts_of(db.session(), lessons, current())


def _glossary() -> Glossary:
    known: Glossary = current_app.extensions["glossary"]
    return known


def _terms(keys: Iterable[str]) -> list[tuple[str, TermFile]]:
    """Return the glossary words with these keys, in the alphabet of the page."""
    wanted = set(keys)
    return [(key, entry) for key, entry in _glossary().in_order(current()) if key in wanted]


@pages.get("/glossary")
def glossary() -> ResponseReturnValue:
    query = request.args.get("q", "")[:LONGEST_QUERY]
    return render_template(
        "training/glossary.html",
        query=query,
        terms=service.find_terms(_glossary(), query, current()),
        acts=current_app.extensions["acts"],
    )


@pages.get("/sources")
def sources() -> ResponseReturnValue:
    return render_template(
        "training/sources.html", acts=current_app.extensions["acts"], uses=service.uses_of_acts(db.session())
    )


@pages.post("/course/<string:module>/<string:lesson>/checks/<string:check>")
def check(module: str, lesson: str, check: str) -> ResponseReturnValue:
    form = CheckForm.from_request()
    here = url_for(".lesson", module=module, lesson=lesson, _anchor=check)
    if not form.submitted():
        say(gettext("Choose an answer first."), "wait")
        return redirect(here, HTTPStatus.SEE_OTHER)
    service.answer_check(
        db.session(), current_actor(), module, lesson, check, answer=form.read()["answer"], now=clock.now()
    )
    return redirect(here, HTTPStatus.SEE_OTHER)


@pages.post("/course/<string:module>/<string:lesson>/finish")
def finish(module: str, lesson: str) -> ResponseReturnValue:
    _press()
    coming = service.finish(db.session(), current_actor(), module, lesson, now=clock.now())
    if coming is None:
        say(gettext("The course is finished."))
        return redirect(url_for(".course"), HTTPStatus.SEE_OTHER)
    return redirect(url_for(".lesson", module=coming.module_key, lesson=coming.key), HTTPStatus.SEE_OTHER)


def _press() -> None:
    if not Press.from_request().submitted():
        abort(HTTPStatus.BAD_REQUEST)


@pages.get("/team")
def team() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    return render_template(
        "training/team.html",
        leads=actor.may(Permission.TEAM_LEAD),
        members=service.members(session, actor),
        invites=service.invites(session, actor, now=clock.now()),
        leader=service.leader_of(session, actor),
        total=service.progress(session, actor.person_id)[1],
        link=None,
    )


@pages.post("/team/invites")
def invite() -> ResponseReturnValue:
    _press()
    session, actor = db.session(), current_actor()
    token = service.invite(session, actor, now=clock.now())
    # Shown once, on the answer itself: kept nowhere, in no address of ours and in no cookie.
    return render_template(
        "training/team.html",
        leads=True,
        members=service.members(session, actor),
        invites=service.invites(session, actor, now=clock.now()),
        leader=None,
        total=service.progress(session, actor.person_id)[1],
        link=current_app.extensions["settings"].base_url + url_for(".join", token=token),
    )


@pages.post("/team/invites/<int:invite_id>/cancel")
def cancel_invite(invite_id: int) -> ResponseReturnValue:
    _press()
    service.cancel_invite(db.session(), current_actor(), invite_id, now=clock.now())
    return redirect(url_for(".team"), HTTPStatus.SEE_OTHER)


@pages.post("/team/members/<uuid:public_id>/let-go")
def let_go(public_id: UUID) -> ResponseReturnValue:
    _press()
    service.let_go(db.session(), current_actor(), public_id, now=clock.now())
    return redirect(url_for(".team"), HTTPStatus.SEE_OTHER)


@pages.post("/team/leave")
def leave() -> ResponseReturnValue:
    _press()
    service.leave(db.session(), current_actor(), now=clock.now())
    return redirect(url_for(".team"), HTTPStatus.SEE_OTHER)


@pages.get("/join/<string:token>")
def join(token: str) -> ResponseReturnValue:
    return render_template("training/join.html", token=token, may_join=signed_in() is not None)


@pages.post("/join/<string:token>")
def join_now(token: str) -> ResponseReturnValue:
    _press()
    service.join(db.session(), current_actor(), token, now=clock.now())
    say(gettext("You are in the team now."))
    return redirect(url_for(".course"), HTTPStatus.SEE_OTHER)
