"""The candidate's side: what of theirs is public, the preview, the yes, the withdrawal."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.accounts.service import NeedsPassword
from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.errors import N_, Refused
from app.core.languages import current, gettext
from app.core.languages import say as words_of
from app.core.pages import say
from app.publication import building, service, sheet, windows
from app.publication.forms import ConsentForm
from app.publication.models import ListedCandidate
from app.publication.sheet import Sheet
from app.publication.views.blueprint import pages
from app.results.models import Result

LABELS = {
    "score": N_("the score"),
    "sections": N_("the parts of the test one by one"),
    "certificate": N_("the certificate: its number, the check and the paper"),
    "search-engines": N_("search engines may list the page"),
}


@dataclass(frozen=True)
class Wish:
    """What a candidate looks at: their result, on their page, in the way they chose."""

    result: Result
    listed: ListedCandidate
    parts: tuple[str, ...]
    until: date
    now: datetime

    @property
    def today(self) -> date:
        return clock.local(self.now).date()

    def sheet(self) -> Sheet:
        return service.previewed(
            db.session(), self.listed, self.result, parts=self.parts, until=self.until, now=self.now
        )

    def address(self, *, page: str | None = None) -> str:
        return url_for(
            "publication.preview",
            result_id=self.result.public_id,
            parts=list(self.parts),
            until=self.until.isoformat(),
            page=page,
        )


@pages.get("/<lang:language>/publication")
def mine() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    return render_template(
        "publication/mine.html",
        listed=service.of_person(session, actor.person_id),
        results=service.own_results(session, actor, now=clock.now()),
    )


@pages.get("/<lang:language>/publication/<uuid:result_id>")
def preview(result_id: UUID) -> ResponseReturnValue:
    wish = _wish(result_id, request.args.getlist("parts"), _day(request.args.get("until", "")))
    if "page" in request.args:
        return service.draw_candidate(wish.sheet(), current()).decode()
    try:
        _ensure_reauthenticated(wish.now)
    except NeedsPassword:
        return redirect(url_for("accounts.reauthenticate", next=wish.address()), HTTPStatus.SEE_OTHER)
    return _preview(wish, ConsentForm(formdata=None))


@pages.post("/<lang:language>/publication/<uuid:result_id>")
def publish(result_id: UUID) -> ResponseReturnValue:
    form = ConsentForm.from_request()
    is_right = form.submitted()
    wish = _wish(result_id, form.parts.data or (), form.until.data)
    if not is_right:
        return _preview(wish, form), HTTPStatus.UNPROCESSABLE_ENTITY
    _ensure_reauthenticated(wish.now)
    if form.seen.data != _seen(wish):
        raise service.OtherPage
    consent = service.publish(
        db.session(),
        current_actor(),
        wish.result,
        parts=wish.parts,
        until=wish.until,
        words=_words(wish, form),
        language=current(),
        now=wish.now,
    )
    access.note(consent=str(consent.public_id))
    service.rebuild_after_commit(consent.listed_id)
    say(gettext("Your page shows the result now. You can withdraw it at any time."))
    return redirect(url_for("publication.mine"), HTTPStatus.SEE_OTHER)


@pages.post("/<lang:language>/publication/<uuid:consent_id>/withdraw")
def withdraw(consent_id: UUID) -> ResponseReturnValue:
    consent = service.withdraw(db.session(), current_actor(), consent_id, now=clock.now())
    service.rebuild_after_commit(consent.listed_id)
    say(gettext("Withdrawn. Your page shows nothing of this result now."))
    return redirect(url_for("publication.mine"), HTTPStatus.SEE_OTHER)


def _wish(result_id: UUID, parts: object, until: date | None) -> Wish:
    """Return what the candidate wants to look at.

    Raises:
        NotYours: it is not their released result.
        NotListed: they are not tied to a name on a list.
    """
    session, now = db.session(), clock.now()
    result = service.own_result(session, current_actor(), result_id)
    listed = service.own_entry(session, current_actor())
    today = clock.local(now).date()
    return Wish(
        result,
        listed,
        sheet.known_parts(result.kind, cast("list[str]", parts)),
        until or windows.usual_end(listed.election_day, today),
        now,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ensure_reauthenticated(now: datetime) -> None:
    accounts.ensure_reauthenticated(cast("accounts.Signed", access.signed_in()), now=now)


def _preview(wish: Wish, form: ConsentForm) -> str:
    refusal = _refusal(wish)
    return render_template(
        "publication/preview.html",
        result=wish.result,
        sheet=wish.sheet(),
        parts=[(part, gettext(LABELS[part])) for part in sheet.PARTS[wish.result.kind]],
        chosen=wish.parts,
        until=wish.until,
        first=wish.today,
        last=windows.latest_end(wish.listed.election_day, wish.today),
        exact=wish.address(page="1"),
        seen=_seen(wish),
        form=form,
        refusal=refusal,
        may_publish=refusal is None,
    )


def _refusal(wish: Wish) -> str | None:
    try:
        service.ensure_publishable(wish.listed, wish.until, today=wish.today)
    except Refused as refused:
        return words_of(refused)
    return None


def _seen(wish: Wish) -> str:
    """Return what tells the very page that was shown from any other."""
    return building.etag(service.draw_candidate(wish.sheet(), current()))


def _words(wish: Wish, form: ConsentForm) -> list[str]:
    """Return exactly what the candidate agreed to, as they read it."""
    shown = [gettext(LABELS[part]) for part in wish.parts]
    return [
        *shown,
        wish.until.isoformat(),
        str(form.agree_public.label.text),
        str(form.agree_copies.label.text),
    ]
