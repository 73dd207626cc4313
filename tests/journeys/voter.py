"""A voter: never signed in, no cookies; finds a village, reads, checks a number."""

from tests.journeys.screen import Screen

UNCONFIRMED = r"status of 404"


def find_village(screen: Screen, spelling: str, kato: str) -> None:
    screen.go(screen.at("/"))
    screen.fill(q=spelling)
    screen.press('form[action$="/places"] button')
    screen.follow(f"/places/{kato}")


def open_candidate(screen: Screen, name: str) -> None:
    screen.press(f'main a[href*="/candidates/"]:has-text("{name}")')
    assert name in screen.find("h1").inner_text()


def has_results(screen: Screen) -> bool:
    """Tell whether the candidate's page shows anything of the school."""
    return screen.has("main dl.facts")


def is_confirmed(screen: Screen, number: str) -> bool:
    """Type a certificate's number as people do; tell what the school says."""
    screen.go(screen.at("/check"))
    screen.fill(number=" ".join((number[:4], number[4:8], number[8:])))
    with screen.expecting(UNCONFIRMED):
        screen.press('form[action$="/check"] button')
    assert screen.status == (200 if screen.has(".note-ok") else 404)
    return screen.has(".note-ok")


def ensure_no_cookies(screen: Screen) -> None:
    assert screen.context.cookies() == []
