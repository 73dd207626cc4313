"""Examiners and the adjudicator: they see a code and a text, nothing of the person."""

from tests.journeys.accounts import Person
from tests.journeys.screen import Screen


def mark_next(examiner: Person, *, level: int, candidate: Person) -> None:
    """Give every criterion of the next script this level, 0-4."""
    screen = examiner.screen
    screen.press('.sections a[href$="/marking"]')
    screen.wait_for('form[action$="/marking/next"]')
    screen.send("/marking/next")
    _ensure_blind(screen, candidate)
    _give(screen, level)


def settle_next(adjudicator: Person, *, level: int, candidate: Person) -> None:
    screen = adjudicator.screen
    screen.press('.sections a[href$="/adjudication"]')
    screen.wait_for('main a[href*="/adjudication/"]')
    screen.follow("/adjudication/")
    _ensure_blind(screen, candidate)
    assert screen.has("main table"), "the adjudicator sees the two marks"
    _give(screen, level)


def _ensure_blind(screen: Screen, candidate: Person) -> None:
    shown = screen.page.content()
    assert candidate.name not in shown
    assert candidate.email not in shown


def _give(screen: Screen, level: int) -> None:
    for one in screen.find(f'main form[method=post] input[type=radio][value="{level}"]').all():
        one.check()
    screen.fill(comment="Мерзімі мен тәртібі жұмыстағы дәлелдерге сүйеніп бағаланды.")
    screen.press("main form[method=post] button")
    assert screen.has(".note-ok")
