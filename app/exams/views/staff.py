"""What several pages of organisers need of a request."""

from http import HTTPStatus
from typing import cast

from flask import abort, request

from app.accounts import service as accounts
from app.core import clock
from app.core.access import signed_in
from app.core.forms import Press
from app.exams import service
from app.exams.forms.papers import ApprovalForm


def signed() -> accounts.Signed:
    """Return the session of the organiser."""
    return cast("accounts.Signed", signed_in())


def gave_password() -> bool:
    """Tell whether the password was given a moment ago."""
    try:
        accounts.ensure_reauthenticated(signed(), now=clock.now())
    except accounts.NeedsPassword:
        return False
    return True


def approved_hash() -> str:
    """Return the hash of what the person looked at and approves; a broken form ends the request with 400."""
    form = ApprovalForm.from_request()
    if not form.submitted():
        abort(HTTPStatus.BAD_REQUEST)
    return str(form.read()["content_hash"])


def ensure_pressed() -> None:
    """End the request with 400 unless it is the press of a button."""
    if not Press.from_request().submitted():
        abort(HTTPStatus.BAD_REQUEST)


def page_start() -> int:
    """Return from which place on a list is shown."""
    return max(0, min(request.args.get("start", 0, type=int), service.MOST_ROWS))
