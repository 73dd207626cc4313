"""Organisers: two draw, seal and release; each can open a sitting, note a district, take a list over."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.core.clock import COUNTRY
from tests.journeys.accounts import Person, give_password_if_asked

LIST_SOURCE = "Аудандық аумақтық сайлау комиссиясы, 12 шешім"


def seal_a_paper(first: Person, second: Person, blueprint: str) -> str:
    """Draw and propose a paper, let the other one seal it; return its id."""
    screen = first.screen
    screen.press('.sections a[href$="/sittings"]')
    screen.follow("/papers")
    screen.find("select[name=blueprint]").select_option(blueprint)
    screen.send("/papers/draw")
    screen.send("/propose")
    assert not screen.has('form[action$="/seal"]'), "whoever proposed a paper may not seal it"
    paper = screen.where.rpartition("/")[2]
    other = second.screen
    other.press('.sections a[href$="/sittings"]')
    other.follow("/papers")
    other.follow(paper)
    give_password_if_asked(other)
    other.send("/seal")
    assert not other.has('form[action$="/seal"]')
    return paper


def open_sitting(organiser: Person, paper: str, title: str) -> None:
    now = datetime.now(COUNTRY)
    screen = organiser.screen
    screen.press('.sections a[href$="/sittings"]')
    screen.follow("/sittings/new")
    screen.choose("papers", paper)
    screen.fill(
        title=title,
        opens_at=f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        closes_at=f"{now + timedelta(days=10):%Y-%m-%dT%H:%M}",
    )
    screen.send("/sittings/new")
    assert title in screen.find("h1").inner_text()


def note_district(organiser: Person, examiner: Person, district: str) -> None:
    screen = organiser.screen
    screen.press('.sections a[href$="/releases"]')
    screen.follow("/examiners")
    screen.find("select[name=examiner]").select_option(label=examiner.name)
    screen.find("select[name=district]").select_option(district)
    screen.send("/examiners")


def release(first: Person, second: Person, title: str) -> None:
    """Propose the release of a sitting's results; the other one confirms it."""
    for organiser in (first, second):
        organiser.screen.press('.sections a[href$="/releases"]')
        organiser.screen.press(f'main a:has-text("{title}")')
        if organiser is first:
            organiser.screen.wait_for('form[action$="/propose"]')
            organiser.screen.send("/propose")
            assert not organiser.screen.has('form[action$="/confirm"]'), "one person alone may not release"
    give_password_if_asked(second.screen)
    second.screen.send("/confirm")
    assert not second.screen.has('form[action$="/confirm"]')


def take_list_over(organiser: Person, kato: str, names: list[str]) -> None:
    """Import the commission's list of one place; the election is in 45 days."""
    today = datetime.now(COUNTRY).date()
    text = "kato,name\n" + "".join(f"{kato},{name}\n" for name in names)
    screen = organiser.screen
    screen.press('.sections a[href$="/lists"]')
    screen.find("input[name=file]").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    screen.fill(
        election_day=f"{today + timedelta(days=45)}",
        source=LIST_SOURCE,
        source_day=f"{today - timedelta(days=2)}",
    )
    screen.press('form[enctype="multipart/form-data"] button')
    assert urlsplit(screen.page.url).path.endswith("/lists")
    assert all(name in screen.find("table").inner_text() for name in names)


def tie(organiser: Person, candidate: Person) -> None:
    """Say that a name of the list is this account's, after a look at the person's document."""
    screen = organiser.screen
    screen.press(f'tr:has-text("{candidate.name}") a[href*="entry="]')
    screen.fill(email=candidate.email)
    screen.find("input[name=is_checked]").check()
    screen.send("/tie")
    assert screen.has(".note-ok")
