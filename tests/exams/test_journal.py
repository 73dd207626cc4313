"""The rules of the journal: what a resend means, what counts, what a chain shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.exams import journal
from app.exams.journal import Event, Known, Outcome, judge

ATTEMPT = UUID("12345678-1234-4234-8234-123456789abc")
NOON = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)

sends = st.lists(
    st.tuples(
        st.sampled_from(["tab-1", "tab-2"]), st.integers(1, 8), st.integers(1, 3), st.sampled_from("abc")
    ),
    max_size=30,
)


def enter(sent: list[tuple[str, int, int, str]]) -> tuple[list[Event], list[Outcome]]:
    """Enter sends into a journal in memory, as the service does."""
    events: list[Event] = []
    outcomes = []
    for client, sequence, position, body in sent:
        earlier = [
            Known(one.client_sequence, one.position, one.body_hash) for one in events if one.client == client
        ]
        outcome = judge(earlier, Known(sequence, position, journal.digest(body)), is_late=False)
        outcomes.append(outcome)
        if outcome in {Outcome.SAVED, Outcome.STALE}:
            events.append(
                Event(
                    len(events) + 1, client, sequence, position, journal.digest(body), NOON,
                    is_late=False, is_stale=outcome is Outcome.STALE,
                )
            )  # fmt: skip
    return events, outcomes


@given(sends)
def test_a_number_is_kept_once_whatever_is_sent_again(sent: list[Any]) -> None:
    events, _ = enter(sent)

    numbers = [(one.client, one.client_sequence) for one in events]
    assert len(set(numbers)) == len(numbers)


@given(sends)
def test_sending_everything_again_changes_nothing(sent: list[Any]) -> None:
    once, _ = enter(sent)
    twice, outcomes = enter(sent + sent)

    assert twice == once
    assert set(outcomes[len(sent) :]) <= {Outcome.REPEATED, Outcome.REFUSED}


@given(sends)
def test_the_first_body_under_a_number_stays(sent: list[Any]) -> None:
    events, outcomes = enter(sent)
    kept = {(one.client, one.client_sequence): (one.position, one.body_hash) for one in events}

    for (client, sequence, position, body), outcome in zip(sent, outcomes, strict=True):
        same = kept[client, sequence] == (position, journal.digest(body))
        assert same is (outcome is not Outcome.REFUSED)


@given(st.permutations(range(1, 9)), st.integers(1, 3))
def test_one_page_ends_with_its_newest_answer_in_whatever_order_the_network_brings_them(
    order: list[int], items: int
) -> None:
    events, _ = enter([("tab-1", number, number % items + 1, f"body {number}") for number in order])
    counting = journal.counting(events)
    by_number = {one.number: one for one in events}

    for position in range(1, items + 1):
        newest = max(number for number in range(1, 9) if number % items + 1 == position)
        assert by_number[counting[position]].client_sequence == newest


def test_a_contradiction_is_refused_also_after_the_end() -> None:
    earlier = [Known(1, 1, "a")]

    assert judge(earlier, Known(1, 1, "b"), is_late=True) is Outcome.REFUSED
    assert judge(earlier, Known(1, 2, "a"), is_late=False) is Outcome.REFUSED


def test_a_repeat_after_the_end_is_what_it_was() -> None:
    assert judge([Known(1, 1, "a")], Known(1, 1, "a"), is_late=True) is Outcome.REPEATED


def test_what_is_new_after_the_end_is_late() -> None:
    assert judge([Known(2, 1, "a")], Known(1, 1, "b"), is_late=True) is Outcome.LATE


def test_an_older_number_for_another_item_is_not_stale() -> None:
    assert judge([Known(2, 1, "a")], Known(1, 2, "b"), is_late=False) is Outcome.SAVED
    assert judge([Known(2, 1, "a")], Known(1, 1, "b"), is_late=False) is Outcome.STALE


def test_a_form_that_comes_back_as_it_was_shown_says_nothing_new() -> None:
    assert journal.is_untouched("a", shown="a", current="b")
    assert journal.is_untouched("b", shown="a", current="b")
    assert not journal.is_untouched("c", shown="a", current="b")


def chain(length: int) -> list[tuple[Event, str]]:
    links: list[tuple[Event, str]] = []
    previous = journal.start_hash(ATTEMPT)
    for number in range(1, length + 1):
        at = NOON + timedelta(seconds=number)
        event = Event(number, "tab", number, 1, f"{number}", at, is_late=False, is_stale=False)
        previous = journal.chained(previous, event)
        links.append((event, previous))
    return links


@given(st.integers(0, 6))
def test_an_untouched_chain_has_no_fault(length: int) -> None:
    assert journal.first_fault(journal.start_hash(ATTEMPT), chain(length)) is None


@given(
    st.integers(1, 6).flatmap(lambda length: st.tuples(st.just(length), st.integers(1, length))),
    st.sampled_from(
        ["body_hash", "position", "client", "client_sequence", "received_at", "is_late", "is_stale"]
    ),
)
def test_a_changed_event_is_found_at_its_place(sizes: tuple[int, int], field: str) -> None:
    length, place = sizes
    links = chain(length)
    event, hash_ = links[place - 1]
    other: dict[str, Any] = {
        "body_hash": "x", "position": 2, "client": "y", "client_sequence": 99,
        "received_at": NOON, "is_late": True, "is_stale": True,
    }  # fmt: skip
    links[place - 1] = (replace(event, **{field: other[field]}), hash_)

    assert journal.first_fault(journal.start_hash(ATTEMPT), links) == place


def test_a_missing_or_swapped_event_is_found() -> None:
    links = chain(4)

    assert journal.first_fault(journal.start_hash(ATTEMPT), links[1:]) == 1
    assert journal.first_fault(journal.start_hash(ATTEMPT), [links[0], links[2], links[1], links[3]]) == 2
    assert journal.first_fault(journal.start_hash(UUID(int=1)), links) == 1


def test_late_and_stale_events_do_not_count() -> None:
    one = Event(1, "tab", 2, 1, "a", NOON, is_late=False, is_stale=False)
    events = [one, replace(one, number=2, is_stale=True), replace(one, number=3, is_late=True)]

    assert journal.counting(events) == {1: 1}


def test_the_canonical_text_is_that_of_a_browser() -> None:
    # What JSON.stringify gives for sorted keys; the page's script compares hashes of it.
    fields = {"answer-b": ["2"], "answer-a": ['ә\n"\\ \u2028\x01']}

    assert journal.canonical(fields) == '{"answer-a":["ә\\n\\"\\\\ \u2028\\u0001"],"answer-b":["2"]}'


def test_a_receipt_is_short() -> None:
    assert journal.receipt(UUID(int=41_270_019), 58) == "0019-58"
    assert journal.short_hash("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
