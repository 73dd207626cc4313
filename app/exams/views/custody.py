"""The custodians' page of a sealed paper: taking a share, giving it back."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.core import access, clock
from app.core.access import current_actor, signed_in
from app.core.database import db
from app.core.errors import NotYours, Refused
from app.core.forms import Press
from app.core.languages import gettext
from app.core.pages import say
from app.exams import service
from app.exams.forms.papers import ShareForm
from app.exams.views.room import pages


@pages.get("/papers/<uuid:paper_id>/custody")
def custody(paper_id: UUID) -> ResponseReturnValue:
    return _page(paper_id, ShareForm.from_request())


def _page(paper_id: UUID, form: ShareForm) -> str:
    session = db.session()
    return render_template(
        "exams/custody.html",
        paper=service.get_paper(session, paper_id),
        custodians=service.custody_of(session, current_actor(), paper_id, now=clock.now()),
        gave_password=_gave_password(),
        form=form,
    )


@pages.post("/papers/<uuid:paper_id>/custody/take")
def take_share(paper_id: UUID) -> ResponseReturnValue:
    _ensure_password()
    if not Press.from_request().submitted():
        abort(HTTPStatus.BAD_REQUEST)
    session, now = db.session(), clock.now()
    code = service.take_share(session, current_actor(), paper_id, now=now)
    return render_template(
        "exams/share.html",
        paper=service.get_paper(session, paper_id),
        custodians=service.custody_of(session, current_actor(), paper_id, now=now),
        code=code,
        now=now,
    )


@pages.post("/papers/<uuid:paper_id>/custody/give")
def give_share(paper_id: UUID) -> ResponseReturnValue:
    _ensure_password()
    form = ShareForm.from_request()
    if form.submitted():
        try:
            code = str(form.read()["code"])
            is_opened = service.give_share(db.session(), current_actor(), paper_id, code, now=clock.now())
        except NotYours:
            raise
        except Refused as refusal:
            form.refuse("code", refusal)
        else:
            access.note(opened="yes" if is_opened else "no")
            say(
                gettext("The paper is opened.")
                if is_opened
                else gettext("Your share is kept. It waits for the next one.")
            )
            return redirect(url_for(".custody", paper_id=paper_id), HTTPStatus.SEE_OTHER)
    return _page(paper_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _ensure_password() -> None:
    accounts.ensure_reauthenticated(cast("accounts.Signed", signed_in()), now=clock.now())


def _gave_password() -> bool:
    try:
        _ensure_password()
    except accounts.NeedsPassword:
        return False
    return True
