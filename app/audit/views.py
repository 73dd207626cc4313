"""Pages of audit: the record, for auditors."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit import service
from app.audit.forms import RecordFilter
from app.audit.models import AuditEvent
from app.core.access import Policy
from app.core.database import db
from app.core.languages import gettext
from app.core.permissions import ROLE_BY_KEY

pages = Blueprint("audit", __name__, template_folder="templates")

PER_PAGE = 50
MOST = 2**62


@dataclass(frozen=True)
class EventLine:
    """One event as an auditor reads it."""

    sequence: int
    at: datetime
    tag: str
    actor: int | None
    roles: str
    about: str
    refused: bool


@pages.get("/record")
def record() -> ResponseReturnValue:
    session, form = db.session(), RecordFilter(request.args)
    before = min(request.args.get("before", MOST, type=int), MOST)
    events = service.newest(session, before=before, count=PER_PAGE + 1, only=form.chosen())
    return render_template(
        "audit/record.html",
        form=form,
        tags=sorted({rule.event for rule in _policy().values() if rule.event}),
        lines=[_line(event) for event in events[:PER_PAGE]],
        head=service.newest_link(session),
        newest=_address(form) if before < MOST else "",
        older=_address(form, before=events[PER_PAGE - 1].sequence) if len(events) > PER_PAGE else "",
    )


def _policy() -> Policy:
    policy: Policy = current_app.extensions["policy"]
    return policy


def _address(form: RecordFilter, **more: int) -> str:
    kept = {name: value for name, value in request.args.items() if name in form.data and value}
    # Names of fields: none of url_for's own.
    return url_for(".record", **{**kept, **more})  # type: ignore[arg-type]


def _line(event: AuditEvent) -> EventLine:
    keys = event.roles.split(",") if event.roles else []
    return EventLine(
        sequence=event.sequence,
        at=event.at,
        tag=event.tag,
        actor=event.actor_id,
        roles=", ".join(gettext(ROLE_BY_KEY[key].label) if key in ROLE_BY_KEY else key for key in keys),
        about=", ".join(f"{name} {value}" for name, value in sorted(event.about.items())),
        refused=event.refused,
    )
