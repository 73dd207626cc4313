"""Every state of a result and of an appeal × everything that can happen."""

from itertools import product

import pytest

from app.results import life
from app.results.life import (
    AppealEvent,
    AppealState,
    Event,
    NotNow,
    State,
)

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
