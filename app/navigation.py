"""The row of sections under the header: at most five short words, by what the person may do."""

from dataclasses import dataclass

from flask import request, url_for

from app.core.access import current_actor, signed_in
from app.core.errors import N_
from app.core.languages import gettext
from app.core.permissions import Permission


@dataclass(frozen=True)
class Section:
    """One word of the row."""

    label: str
    url: str
    current: bool


# What the person may do, the word, the page; the first that fit are shown, in this order.
SECTIONS: tuple[tuple[Permission, str, str], ...] = (
    (Permission.CANDIDACY_READ, N_("My path"), "candidacy.home"),
    (Permission.COURSE_READ, N_("Course"), "training.course"),
    (Permission.TEAM_READ, N_("Team"), "training.team"),
    (Permission.RESULT_READ, N_("Results"), "results.mine"),
    (Permission.SITTING_READ, N_("Sittings"), "exams.sittings"),
    (Permission.SCRIPT_READ, N_("Marking"), "marking.queue"),
    (Permission.ADJUDICATION_READ, N_("Adjudication"), "marking.adjudication"),
    (Permission.RELEASE_READ, N_("Results"), "results.releases"),
    (Permission.LISTING_READ, N_("Lists"), "publication.listings"),
    (Permission.BANK_READ, N_("Bank"), "items.bank"),
    (Permission.PEOPLE_READ, N_("People"), "accounts.people"),
    (Permission.AUDIT_READ, N_("Record"), "audit.record"),
    (Permission.ACCOUNT_READ, N_("Account"), "accounts.account"),
)
MOST = 5


def sections() -> list[Section]:
    """Return the row for whoever makes this request; empty for visitors."""
    if signed_in() is None:
        return []
    actor = current_actor()
    shown = [(label, endpoint) for permission, label, endpoint in SECTIONS if actor.may(permission)]
    return [
        Section(gettext(label), url_for(endpoint), current=request.endpoint == endpoint)
        for label, endpoint in shown[: MOST - 1] + shown[MOST - 1 :][-1:]
    ]
