"""Two people, one content, one day."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import two_people
from app.core.two_people import ContentChanged, ProposalTooOld, SamePerson

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def confirmable(confirmed_by: int, age: timedelta) -> None:
    two_people.ensure_confirmable(proposed_by=1, proposed_at=NOW - age, confirmed_by=confirmed_by, now=NOW)


def test_another_person_confirms_within_a_day() -> None:
    confirmable(2, timedelta(hours=24) - timedelta(microseconds=1))


def test_the_proposer_does_not_confirm() -> None:
    with pytest.raises(SamePerson):
        confirmable(1, timedelta(0))


def test_a_proposal_of_a_day_ago_is_too_old() -> None:
    with pytest.raises(ProposalTooOld):
        confirmable(2, timedelta(hours=24))


def test_without_a_proposal_nothing_is_confirmed() -> None:
    with pytest.raises(ProposalTooOld):
        two_people.ensure_confirmable(proposed_by=None, proposed_at=None, confirmed_by=2, now=NOW)


def test_only_the_very_content_is_confirmed() -> None:
    two_people.ensure_same("a", "a")
    with pytest.raises(ContentChanged):
        two_people.ensure_same("a", "b")
