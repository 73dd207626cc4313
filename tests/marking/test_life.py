"""Every state of a script × everything that can happen to it."""

from itertools import product

import pytest

from app.marking.life import Event, NotNow, State, after

ALLOWED = {
    (State.MARKING, Event.LEFT_EMPTY): State.SETTLED,
    (State.MARKING, Event.AGREED): State.SETTLED,
    (State.MARKING, Event.DIFFERED): State.ADJUDICATION,
    (State.ADJUDICATION, Event.ADJUDICATED): State.SETTLED,
    (State.SETTLED, Event.WRITTEN_AFTER_ALL): State.MARKING,
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_only_these_moves_exist(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert after(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(NotNow):
            after(state, event)
