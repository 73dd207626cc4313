"""Pages of training: the course, lessons, quick checks, the team."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import current_actor, signed_in
from app.core.database import db
from app.core.forms import Press
from app.core.languages import gettext
from app.core.pages import say
from app.core.permissions import Permission
from app.training import service
from app.training.forms import CheckForm

pages = Blueprint("training", __name__, template_folder="templates")


@pages.get("/course")
def course() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    finished, total, coming = service.progress(session, actor.person_id)
    return render_template(
        "training/course.html",
        outline=service.outline(session, actor.person_id),
        is_open=service.is_open(session, actor.person_id),
        finished=finished,
        total=total,
        coming=coming,
    )


@pages.get("/course/<string:module>/<string:lesson>")
def lesson(module: str, lesson: str) -> ResponseReturnValue:
    view = service.lesson_view(db.session(), current_actor(), module, lesson)
    return render_template("training/lesson.html", view=view, acts=current_app.extensions["acts"])


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
