"""Answer files: what a device seals, what is read of it, and what speaks against counting it."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refused
from app.exams.answer_file import (
    LARGEST_FILE,
    AnswerFile,
    CannotOpen,
    NotAFile,
    TooLarge,
    chain_of,
    open_file,
    seal_file,
    seal_plain,
)
from app.exams.file_faults import FAULTS, Fault, Known, check
from app.exams.journal import canonical, digest
from app.exams.lease import Lease
from app.exams.timing import GRACE, Timing

KEY = derive_private_key(4242, SECP256R1())
ATTEMPT = UUID(int=7)
DEVICE, OTHER_DEVICE, TAB = str(UUID(int=8)), str(UUID(int=9)), str(UUID(int=10))
HEAD = "ab" * 32
BASE = {"number": "0007-3", "count": 3, "head": HEAD, "at": "2026-12-01T07:00:00+00:00", "signature": "x"}
CONTACT = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
END = CONTACT + timedelta(minutes=30)
CAME = CONTACT + timedelta(hours=5)


def event(sequence: int, typed: int, answer: str = "b", **changes: Any) -> dict[str, Any]:
    sound = {
        "client": TAB,
        "sequence": sequence,
        "position": 1,
        "lease": 2,
        "fields": {"answer": [answer]},
        "typed": typed,
    }
    return sound | changes


TWO = (event(4, 60), event(5, 90, "ә; сөз"))


def sealed(*events: dict[str, Any], **changes: Any) -> bytes:
    values: dict[str, Any] = {"attempt": ATTEMPT, "device": DEVICE, "base": BASE, "since": 3600}
    return seal_file(KEY.public_key(), events=events or TWO, **(values | changes))


def opened(*events: dict[str, Any], **changes: Any) -> AnswerFile:
    return open_file(sealed(*events, **changes), KEY)


def plain(**changes: Any) -> dict[str, Any]:
    """Return what is inside of a sound file, to be changed."""
    inside: dict[str, Any] = json.loads(opened().model_dump_json())
    return inside | changes


def known(**changes: Any) -> Known:
    values: dict[str, Any] = {
        "signed": True,
        "heads": {3: HEAD},
        "lease": Lease(number=2, since=1, device=DEVICE),
        "counted": set(),
        "timing": Timing(started_at=CONTACT - timedelta(minutes=30), deadline=END),
        "last_seen_at": CONTACT,
    }
    return Known(**(values | changes))


def faults(file: AnswerFile, now: datetime = CAME, **changes: Any) -> list[Fault]:
    return check(file, known(**changes), now=now)


# -- reading --------------------------------------------------------------------------------------


def test_a_sealed_file_is_read_back() -> None:
    file = opened()

    assert (file.attempt, file.device, file.since) == (str(ATTEMPT), DEVICE, 3600)
    assert file.base is not None
    assert file.base.model_dump(exclude_unset=True) == BASE
    assert [one.model_dump(exclude={"chain"}) for one in file.events] == list(TWO)
    assert faults(file) == []


def test_the_chain_is_the_one_that_is_published() -> None:
    start, first = chain_of(str(ATTEMPT), HEAD, [{"b": 1, "a": "ә"}])

    assert start == digest({"attempt": str(ATTEMPT), "base": HEAD})
    # echo -en "$start\n{\"a\":\"ә\",\"b\":1}" | sha256sum
    assert start == "834533ce50b76fdb2dccfcd844378773fef76bf4eb9fb37c98d7bfc9fc0e0a0d"
    assert first == "8221fa0be19a945b23ccba2277d1812a46b4d984d275c9a89030efdb1b5a8b19"


def test_a_file_without_a_receipt_and_without_answers_is_one() -> None:
    file = opened(base=None)
    assert file.base is None
    assert faults(file) == []

    nothing = open_file(
        seal_file(KEY.public_key(), attempt=ATTEMPT, device=DEVICE, base=None, since=0, events=()), KEY
    )
    assert nothing.events == []
    assert faults(nothing) == []


def test_an_answer_that_names_no_lease_is_chained_as_it_came() -> None:
    bare = {name: value for name, value in event(4, 60).items() if name != "lease"}

    assert faults(opened(bare)) == []


def test_a_receipt_may_name_its_attempt_as_the_server_gave_it() -> None:
    assert faults(opened(base={**BASE, "attempt": str(ATTEMPT)})) == []


def test_a_file_for_another_key_cannot_be_opened() -> None:
    with pytest.raises(CannotOpen):
        open_file(sealed(), derive_private_key(4243, SECP256R1()))


def test_a_file_whose_attempt_was_changed_outside_cannot_be_opened() -> None:
    changed = json.loads(sealed()) | {"attempt": str(UUID(int=11))}

    with pytest.raises(CannotOpen):
        open_file(canonical(changed).encode(), KEY)


@pytest.mark.parametrize("name", ["ephemeral", "iv", "data"])
@pytest.mark.parametrize("value", ["", "!", "AAAA", 5, None, "ә", "A" * 150])
def test_outer_parts_of_another_form_are_refused(name: str, value: object) -> None:
    changed = json.loads(sealed()) | {name: value}

    with pytest.raises((NotAFile, CannotOpen)):
        open_file(canonical(changed).encode(), KEY)


def test_a_point_that_is_not_on_the_curve_is_refused() -> None:
    point = b64encode(b"\x04" + bytes(range(64))).decode()

    with pytest.raises(NotAFile):
        open_file(canonical(json.loads(sealed()) | {"ephemeral": point}).encode(), KEY)


def test_every_changed_byte_of_the_secret_is_seen() -> None:
    outer = json.loads(sealed())
    data = outer["data"]
    for place in range(0, len(data) - 4, 97):
        other = "B" if data[place] != "B" else "C"
        changed = outer | {"data": data[:place] + other + data[place + 1 :]}
        with pytest.raises(CannotOpen):
            open_file(canonical(changed).encode(), KEY)


def test_nothing_larger_than_200_kb_is_looked_at() -> None:
    with pytest.raises(TooLarge):
        open_file(b" " * (LARGEST_FILE + 1), KEY)
    with pytest.raises(NotAFile):
        open_file(b" " * LARGEST_FILE, KEY)


def test_the_largest_file_that_fits_is_read() -> None:
    words = "ә" * 18_000

    assert len(opened(event(4, 1, words), event(5, 2, words), event(6, 3, words)).events) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"more": 1},
        {"head": "x"},
        {"since": -1},
        {"since": 1.0},
        {"device": "phone"},
        {"events": [event(4, 60)]},
        {"events": [event(0, 60, chain="0" * 64)]},
        {"events": [event(4, 60, chain="0" * 64, fields={"csrf_token": ["a"]})]},
        {"events": [event(4, 60, chain="0" * 64, fields={"answer": "a"})]},
        {"events": [{**event(4, 60, chain="0" * 64), "typed": 1.5}]},
        {"events": [{**event(4, 60, chain="0" * 64), "typed": True}]},
        {"events": [event(4, 60, "\ud800", chain="0" * 64)]},
        {"base": {**BASE, "attempt": "x"}},
        {"base": {**BASE, "more": 1}},
        {"base": {**BASE, "count": "3"}},
    ],
    ids=repr,
)
def test_what_is_inside_is_strict(changes: dict[str, Any]) -> None:
    raw = json.dumps(plain(**changes)).encode()

    with pytest.raises(NotAFile):
        open_file(seal_plain(KEY.public_key(), ATTEMPT, raw), KEY)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 20_000 + b"1",
        b'{"v":1,"v":1}',
        b'{"v":NaN}',
        b'{"v":' + b"9" * 5000 + b"}",
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_hostile_texts_are_refused_inside_and_outside(raw: bytes) -> None:
    with pytest.raises(NotAFile):
        open_file(raw, KEY)
    with pytest.raises(NotAFile):
        open_file(seal_plain(KEY.public_key(), ATTEMPT, raw), KEY)


@given(st.binary(max_size=400))
def test_garbage_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(Refused):
        open_file(raw, KEY)
    with pytest.raises(Refused):
        open_file(seal_plain(KEY.public_key(), ATTEMPT, raw), KEY)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(name=st.sampled_from(["v", "attempt", "ephemeral", "iv", "data"]), value=JSONS)
def test_no_value_of_an_outer_field_breaks_the_reading(name: str, value: object) -> None:
    sound = json.loads(sealed())
    try:
        open_file(json.dumps(sound | {name: value}).encode(), KEY)
    except Refused:
        return
    assert sound[name] == value


@given(
    name=st.sampled_from(["attempt", "device", "base", "since", "events", "head"]),
    value=JSONS,
)
def test_no_value_of_an_inner_field_breaks_the_reading_or_the_check(name: str, value: object) -> None:
    raw = json.dumps(plain(**{name: value})).encode()
    try:
        file = open_file(seal_plain(KEY.public_key(), ATTEMPT, raw), KEY)
    except Refused:
        return
    assert set(faults(file)) <= set(Fault)


# -- what speaks against it -------------------------------------------------------------------------


def test_every_fault_has_its_words() -> None:
    assert set(FAULTS) == set(Fault)


def tampered(**changes: Any) -> AnswerFile:
    return AnswerFile.model_validate(plain(**changes))


def test_a_changed_answer_breaks_the_chain() -> None:
    events = plain()["events"]
    events[0]["fields"]["answer"] = ["c"]

    assert faults(tampered(events=events)) == [Fault.CHAIN]


@pytest.mark.parametrize("name", ["sequence", "position", "lease", "typed"])
def test_every_part_of_an_answer_is_in_the_chain(name: str) -> None:
    events = plain()["events"]
    events[1][name] += 1

    assert faults(tampered(events=events)) == [Fault.CHAIN]


def test_an_answer_left_out_breaks_the_chain_at_both_ends() -> None:
    events = plain()["events"]

    assert faults(tampered(events=events[:1])) == [Fault.CHAIN]
    assert faults(tampered(events=events[1:])) == [Fault.CHAIN]
    assert faults(tampered(events=[])) == [Fault.CHAIN]


def test_the_chain_hangs_on_attempt_and_receipt() -> None:
    assert faults(tampered(base={**BASE, "head": "cd" * 32}), heads={3: "cd" * 32}) == [Fault.CHAIN]
    assert faults(tampered(attempt=str(UUID(int=12)))) == [Fault.CHAIN]
    assert faults(tampered(base=None)) == [Fault.CHAIN]


def test_a_receipt_that_is_not_ours_or_not_of_this_journal_is_a_fault() -> None:
    assert faults(opened(), signed=False) == [Fault.RECEIPT]
    assert faults(opened(), heads={2: HEAD}) == [Fault.JOURNAL]
    assert faults(opened(), heads={3: "cd" * 32}) == [Fault.JOURNAL]


def test_the_device_is_the_one_that_held_the_attempt_last() -> None:
    assert faults(opened(device=OTHER_DEVICE)) == [Fault.DEVICE]
    assert faults(opened(), lease=Lease(number=4, since=3, device=DEVICE)) == [Fault.DEVICE]
    assert faults(opened(), lease=Lease(number=2, since=2, device=DEVICE)) == []
    assert faults(opened(event(1, 5, lease=None))) == []
    assert faults(opened(), lease=Lease(number=0, since=0, device=None)) == []


def test_times_go_forward_and_end_with_the_file() -> None:
    assert faults(opened(event(4, 60), event(5, 60))) == []
    assert faults(opened(event(4, 60), event(5, 59))) == [Fault.ORDER]
    assert faults(opened(event(4, 60), event(5, 3600))) == [Fault.TIME]
    assert faults(opened(event(4, 60), event(5, 3601))) == [Fault.ORDER, Fault.TIME]


def test_what_was_typed_after_the_end_and_its_grace_is_a_fault() -> None:
    last = int((END + GRACE - CONTACT).total_seconds())

    assert faults(opened(event(4, last))) == []
    assert faults(opened(event(4, last + 1))) == [Fault.TIME]
    assert faults(opened(event(4, last + 1)), counted={(TAB, 4)}) == []
    assert faults(opened(event(4, last + 1)), counted={(TAB, 5)}) == [Fault.TIME]


def test_the_last_contact_was_before_the_file_was_made() -> None:
    """The server may have heard of another page since."""
    file = opened(event(4, 1500), since=1800)

    assert faults(file, now=CONTACT + timedelta(seconds=1800), last_seen_at=END) == []
    assert faults(file, now=CAME, last_seen_at=END) == [Fault.TIME]


def test_where_the_server_heard_nothing_the_start_is_the_last_contact() -> None:
    assert faults(opened(event(4, 3600), since=3600), last_seen_at=None) == []
    assert faults(opened(event(4, 3606), since=3606), last_seen_at=None) == [Fault.TIME]


@given(
    place=st.integers(min_value=0, max_value=2),
    answers=st.lists(st.text("aә;", min_size=1, max_size=3), min_size=3, max_size=3),
    other=st.text("bы.", min_size=1, max_size=3),
)
def test_no_answer_is_changed_unseen(place: int, answers: list[str], other: str) -> None:
    file = opened(*(event(number, number, answer) for number, answer in enumerate(answers, start=1)))
    changed = json.loads(file.model_dump_json())
    changed["events"][place]["fields"]["answer"] = [other]

    assert faults(file) == []
    assert Fault.CHAIN in faults(AnswerFile.model_validate(changed))
