"""The moves between states."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.exams.life import ATTEMPT_MOVES, PAPER_MOVES, Moves, SittingState, WrongState, after, sitting_state

NOON = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("moves", "states", "acts"),
    [
        (ATTEMPT_MOVES, ["open", "finished"], ["finish", "start"]),
        (PAPER_MOVES, ["drawn", "proposed", "sealed", "discarded"], ["propose", "seal", "discard"]),
    ],
)
def test_only_the_moves_of_the_table_exist(moves: Moves, states: list[str], acts: list[str]) -> None:
    for state, act in product(states, acts):
        if (state, act) in moves:
            assert after(moves, state, act) in states
        else:
            with pytest.raises(WrongState):
                after(moves, state, act)


@pytest.mark.parametrize("state", ["sealed", "discarded"])
def test_nothing_leads_out_of_a_sealed_or_discarded_paper(state: str) -> None:
    assert not [act for before, act in PAPER_MOVES if before == state]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOON - timedelta(microseconds=1), SittingState.PLANNED),
        (NOON, SittingState.OPEN),
        (NOON + HOUR - timedelta(microseconds=1), SittingState.OPEN),
        (NOON + HOUR, SittingState.OVER),
    ],
)
def test_a_sitting_is_open_from_its_first_moment_to_its_last(now: datetime, state: SittingState) -> None:
    window = {"opens_at": NOON, "closes_at": NOON + HOUR}

    assert sitting_state(**window, cancelled_at=None, now=now) is state
    assert sitting_state(**window, cancelled_at=NOON, now=now) is SittingState.CANCELLED
