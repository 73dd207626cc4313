import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.chain import FIRST, Link, digest, first_fault


def chained(*records: dict[str, object]) -> list[Link]:
    links: list[Link] = []
    previous = FIRST
    for sequence, record in enumerate(records, start=1):
        links.append((sequence, previous, digest(previous, record), record))
        previous = links[-1][2]
    return links


THREE = chained({"tag": "a"}, {"tag": "b"}, {"tag": "c"})


def test_digest_is_over_the_previous_hash_and_canonical_json() -> None:
    # (printf '%064d\n' 0; printf '{"a":"Ә","b":1}') | sha256sum
    expected = "d030cab45efb2587b5d9f6771dafa46ce33eaa8686b928ce5abd249444d0d667"

    assert digest(FIRST, {"b": 1, "a": "Ә"}) == expected
    assert digest("1" * 64, {"b": 1, "a": "Ә"}) != expected


def test_a_whole_chain_has_no_fault() -> None:
    assert first_fault([]) is None
    assert first_fault(THREE) is None


@pytest.mark.parametrize(
    ("links", "fault"),
    [
        (THREE[1:], "event 1 is missing: 2 follows"),
        ([THREE[0], THREE[2]], "event 2 is missing: 3 follows"),
        ([THREE[0], (2, THREE[1][1], THREE[1][2], {"tag": "x"}), THREE[2]], "event 2 was changed"),
        (
            [THREE[0], (2, THREE[1][1], digest(THREE[1][1], {"tag": "x"}), {"tag": "x"}), THREE[2]],
            "event 3 does not follow event 2",
        ),
        ([THREE[0], (2, *THREE[2][1:]), (3, *THREE[1][1:])], "event 2 does not follow event 1"),
        ([(1, "1" * 64, *THREE[0][2:])], "event 1 does not follow event 0"),
    ],
)
def test_names_the_first_event_that_was_changed_removed_or_swapped(links: list[Link], fault: str) -> None:
    assert first_fault(links) == fault


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), min_size=1), st.data())
def test_any_change_of_any_record_is_found(records: list[dict[str, object]], data: st.DataObject) -> None:
    links = chained(*records)
    at = data.draw(st.integers(0, len(links) - 1))
    sequence, previous, stored, record = links[at]

    links[at] = (sequence, previous, stored, {**record, "more": "x" + str(record.get("more"))})

    assert first_fault(links) == f"event {sequence} was changed"
