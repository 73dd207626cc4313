"""Every page of the demonstration: each role reaches its own by links, and each is fit for a phone."""

from collections.abc import Callable, Iterable

import pytest

from app.core.languages import LANGUAGES
from app.core.permissions import ROLE_BY_KEY
from app.demo.cast import PASSWORD
from tests.journeys.accounts import Person, sign_in
from tests.journeys.crawl import Address, Crawl, addresses
from tests.journeys.screen import DESK, PHONE, Screen
from tests.journeys.server import Installation
from tests.journeys.voter import find_village

pytestmark = pytest.mark.browser

VILLAGE = ("Karaauyl", "103230000")
"""Where the demonstration has candidates."""
PLAYERS = {
    "visitor": ("",),
    "candidate": ("erlan", "bolat", "marat", "gulnar", "aigul"),
    "team-member": ("deputy",),
    "author": ("author",),
    "examiner": ("examiner-1", "examiner-2", "examiner-3"),
    "adjudicator": ("adjudicator",),
    "organiser": ("organiser-2",),
    "auditor": ("auditor",),
    "administrator": ("administrator",),
}
NOT_BY_LINKS = {
    # by a letter or an invitation
    "accounts.confirm", "accounts.reset", "training.join",
    # after a form
    "exams.rehearsal_end", "accounts.sign_up_sent", "accounts.second_factor", "accounts.reauthenticate", "training.search",
    # where there are no scripts, or for a script alone
    "exams.review", "exams.board", "exams.worker",
    # what the demonstration has none of: a decision, an answer file, a seat, late answers, shares of a key, an alarm, an incident
    "exams.decision", "exams.sitting_file", "exams.seat", "exams.late_answers_page", "exams.custody",
    "exams.clock_alarms", "exams.incident_book", "exams.extra_time",
    # for machines, cameras, downloads
    "core.root", "core.health", "core.ready", "exams.rehearsal_worker", "places.search", "publication.short_check",
    "publication.published_pdf", "certificates.pdf", "certificates.credential", "training.file",
}  # fmt: skip
SAMPLE = {
    "": ("/", "/places", "/check", "/about/help", "/sign-up", "/no-such-page"),
    "aigul": ("/my-path", "/course", "/course/search?q=бюджет", "/requirements", "/publication"),
    "bolat": ("/tests/exam",),
    "organiser-2": ("/papers", "/sittings/new", "/releases", "/examiners", "/lists"),
    "auditor": ("/people", "/record"),
}


@pytest.fixture(scope="session")
def known(demonstration: Installation) -> list[Address]:
    return addresses(demonstration)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", PLAYERS)
def test_every_page_of_a_role_is_reached_by_links_and_is_fit_for_all(
    demonstration: Installation,
    open_screen: Callable[..., Screen],
    known: list[Address],
    role: str,
    language: str,
) -> None:
    crawl = Crawl(known)
    for player in PLAYERS[role]:
        screen = open_screen(demonstration, language=language)
        come_in(screen, player)
        if screen.has('form[action$="/marking/next"]'):
            screen.send("/marking/next")
            crawl.seen["marking.script"] += 1
        crawl.everything_from(screen)
        screen.close()
    assert expected(known, role) - set(crawl.seen) == set()


def come_in(screen: Screen, player: str) -> None:
    if player:
        sign_in(Person(player, f"{player}@demo.example", screen), PASSWORD)
    else:
        find_village(screen, *VILLAGE)


def expected(known: Iterable[Address], role: str) -> set[str]:
    """Return the endpoints that this role can read: its own permissions, for visitors what is open to all."""
    may: set[str | None] = {None} if role == "visitor" else {str(one) for one in ROLE_BY_KEY[role].may}
    return {one.endpoint for one in known if one.permission in may} - NOT_BY_LINKS


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("kk", PHONE, "dark"), ("ru", DESK, "light"), ("en", DESK, "dark")]
)
def test_a_sample_is_fit_for_wide_screens_and_the_dark(
    demonstration: Installation, open_screen: Callable[..., Screen], language: str, width: int, scheme: str
) -> None:
    for player, paths in SAMPLE.items():
        screen = open_screen(demonstration, language=language, width=width, scheme=scheme)
        come_in(screen, player)
        for path in paths:
            with screen.expecting("status of 404"):
                screen.go(screen.at(path))
        screen.close()
