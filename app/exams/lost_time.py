"""The rule of lost time: what is listed, and what is given back by itself. Pure."""

from datetime import datetime, timedelta

SHORTEST = timedelta(seconds=30)
"""Shorter gaps are nobody's loss: the page goes on without a line."""
GIVEN_AT_MOST = timedelta(minutes=10)
"""In all, per attempt; more is for two people, who read the ledger."""


def lost(claimed: timedelta, *, last_seen_at: datetime, now: datetime) -> timedelta:
    """Return how long the line was gone: as the device counted, never longer than the server heard nothing.

    Zero when it is too short to be listed.
    """
    span = min(claimed, now - last_seen_at)
    return span if span >= SHORTEST else timedelta(0)


def given(span: timedelta, *, before: timedelta) -> timedelta:
    """Return what is given back of `span`, when `before` was given already."""
    return max(timedelta(0), min(span, GIVEN_AT_MOST - before))
