"""The organiser's side: the commission's lists, and whose account a name is."""

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import access, clock
from app.core.access import current_actor
from app.core.database import db
from app.core.languages import gettext
from app.core.pages import say
from app.publication import service
from app.publication.forms import ImportForm, TieForm
from app.publication.lists import BadList, Fault
from app.publication.models import ListedCandidate
from app.publication.service import AlreadyTied, NoSuchAccount, NotChecked, OtherName
from app.publication.views.blueprint import pages


@pages.get("/<lang:language>/lists")
def listings() -> ResponseReturnValue:
    wanted = request.args.get("entry", "")
    entry = service.entry(db.session(), _uuid(wanted)) if wanted else None
    return _listings(entry, TieForm(formdata=None), ImportForm(formdata=None))


@pages.post("/<lang:language>/lists")
def import_list() -> ResponseReturnValue:
    form = ImportForm.from_request()
    if not form.submitted():
        return _listings(None, TieForm(formdata=None), form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        count = service.import_list(
            db.session(),
            form.file.data.read(),
            election_day=form.election_day.data,
            source=form.source.data,
            source_day=form.source_day.data,
            now=clock.now(),
        )
    except BadList as bad:
        form.refuse("file", bad)
        return _listings(None, TieForm(formdata=None), form, bad.faults), HTTPStatus.UNPROCESSABLE_ENTITY
    access.note(names=str(count), election_day=form.election_day.data.isoformat())
    say(gettext("The list was taken over. Names on it: %(count)s", count=count))
    return redirect(url_for("publication.listings"), HTTPStatus.SEE_OTHER)


@pages.post("/<lang:language>/lists/<uuid:entry_id>/tie")
def tie(entry_id: UUID) -> ResponseReturnValue:
    entry = service.entry(db.session(), entry_id)
    form = TieForm.from_request()
    if not form.submitted():
        return _listings(entry, form, ImportForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.tie(db.session(), current_actor(), entry_id, now=clock.now(), **form.read())
    except (NoSuchAccount, OtherName, AlreadyTied) as refused:
        form.refuse("email", refused)
    except NotChecked as refused:
        form.refuse("is_checked", refused)
    else:
        say(gettext("The name is tied to the account. The person was told by letter."))
        return redirect(url_for("publication.listings", entry=entry_id), HTTPStatus.SEE_OTHER)
    return _listings(entry, form, ImportForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY


def _listings(
    entry: ListedCandidate | None,
    tie_form: TieForm,
    import_form: ImportForm,
    faults: list[Fault] | None = None,
) -> str:
    name, kato = request.args.get("name", "").strip(), request.args.get("kato", "").strip()
    found = service.look_through(
        db.session(), name=name, kato=kato, page=request.args.get("page", 1, type=int)
    )

    def address(number: int) -> str:
        if not 1 <= number <= found.pages:
            return ""
        return url_for("publication.listings", name=name or None, kato=kato or None, page=number)

    return render_template(
        "publication/listings.html",
        entry=entry,
        tie_form=tie_form,
        import_form=import_form,
        faults=faults or [],
        list=found,
        name=name,
        kato=kato,
        earlier=address(found.page - 1),
        later=address(found.page + 1),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
