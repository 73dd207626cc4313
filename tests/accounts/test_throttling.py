from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import CredentialTry
from app.accounts.service.throttling import forget_tries, key
from app.accounts.throttle import PER_SOURCE, Visit
from tests.conftest import NOON

VISIT = Visit(NOON, source="203.0.113.7")


def tries(session: Session, account: str, *, count: int, visit: Visit = VISIT, factor: bool = False) -> int:
    """Return how many of `count` tries were let through."""
    passed = 0
    for _ in range(count):
        try:
            service.count_try(session, visit, account=account, factor=factor)
        except service.TooManyTries:
            continue
        passed += 1
    return passed


def test_lets_ten_tries_through_in_five_minutes(session: Session) -> None:
    assert tries(session, "aigul", count=12) == 10


def test_a_refused_try_does_not_make_the_pause_longer(session: Session) -> None:
    tries(session, "aigul", count=30)
    later = Visit(NOON + timedelta(minutes=5), source=VISIT.source)

    assert tries(session, "aigul", count=1, visit=later) == 1


def test_the_pause_lasts_until_the_window_has_passed(session: Session) -> None:
    tries(session, "aigul", count=10)
    sooner = Visit(NOON + timedelta(minutes=5, microseconds=-1), source=VISIT.source)

    assert tries(session, "aigul", count=1, visit=sooner) == 0


def test_lets_fifty_tries_through_in_a_day(session: Session) -> None:
    passed = sum(
        tries(
            session,
            "aigul",
            count=10,
            visit=Visit(NOON + timedelta(minutes=10 * round_), source=f"s{round_}"),
        )
        for round_ in range(8)
    )

    assert passed == 50


def test_a_code_bears_less_guessing(session: Session) -> None:
    assert tries(session, "factor 1", count=7, factor=True) == 5


def test_accounts_are_counted_apart(session: Session) -> None:
    tries(session, "aigul", count=11)

    assert tries(session, "dauren", count=1) == 1


def test_one_source_cannot_try_many_accounts_without_end(session: Session) -> None:
    session.add_all(
        CredentialTry(key=key("source", VISIT.source), at=NOON) for _ in range(PER_SOURCE[0].tries - 1)
    )

    assert tries(session, "aigul", count=1) == 1
    assert tries(session, "dauren", count=1) == 0
    assert tries(session, "dauren", count=1, visit=Visit(NOON, source="another")) == 1


def test_keeps_no_address_as_it_is(session: Session) -> None:
    tries(session, "aigul@mail.example", count=1)

    kept = list(session.scalars(select(CredentialTry.key)))
    assert len(kept) == 2
    assert all(len(key) == 64 and "aigul" not in key for key in kept)


def test_forgets_the_tries_of_an_owner_and_nobody_elses(session: Session) -> None:
    tries(session, "aigul", count=10)
    tries(session, "dauren", count=10)

    forget_tries(session, account="aigul")

    assert tries(session, "aigul", count=1) == 1
    assert tries(session, "dauren", count=1) == 0


def test_forgets_tries_that_no_limit_looks_at(session: Session) -> None:
    tries(session, "aigul", count=1)

    service.forget_old_tries(session, NOON + timedelta(days=1))
    assert len(list(session.scalars(select(CredentialTry)))) == 2
    service.forget_old_tries(session, NOON + timedelta(days=1, microseconds=1))
    assert not list(session.scalars(select(CredentialTry)))
