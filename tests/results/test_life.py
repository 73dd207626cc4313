"""Every state of a result and of an appeal × everything that can happen; two people, one content, one day."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.results import life
from app.results.life import (
    AppealEvent,
    AppealState,
    ContentChanged,
    Event,
    NotNow,
    ProposalTooOld,
    SamePerson,
    State,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ALLOWED = {
    (State.PROVISIONAL, Event.PROPOSE): State.PROPOSED,
    (State.PROPOSED, Event.CONFIRM): State.RELEASED,
    (State.PROPOSED, Event.LAPSE): State.PROVISIONAL,
    (State.RELEASED, Event.REPLACE): State.SUPERSEDED,
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_only_these_moves_of_a_result_exist(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert life.after(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(NotNow):
            life.after(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(AppealState, AppealEvent)))
def test_an_appeal_is_answered_once(state: AppealState, event: AppealEvent) -> None:
    ends = {AppealEvent.DECLINE: AppealState.DECLINED, AppealEvent.UPHOLD: AppealState.UPHELD}
    if state is AppealState.OPEN:
        assert life.appeal_after(state, event) is ends[event]
    else:
        with pytest.raises(NotNow):
            life.appeal_after(state, event)


def confirmable(confirmed_by: int, age: timedelta) -> None:
    life.ensure_confirmable(proposed_by=1, proposed_at=NOW - age, confirmed_by=confirmed_by, now=NOW)


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
        life.ensure_confirmable(proposed_by=None, proposed_at=None, confirmed_by=2, now=NOW)


def test_only_the_very_content_is_confirmed() -> None:
    life.ensure_same("a", "a")
    with pytest.raises(ContentChanged):
        life.ensure_same("a", "b")
