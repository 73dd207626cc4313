"""Who may mark, and who gets a script."""

from hypothesis import given
from hypothesis import strategies as st

from app.marking.assignment import Marker, choose, may_mark, written_code

HERE, THERE = "991100000", "991200000"
markers = st.lists(
    st.builds(
        Marker,
        person_id=st.integers(1, 40),
        district=st.sampled_from([HERE, THERE, None]),
        waiting=st.integers(0, 3),
    ),
    unique_by=lambda marker: marker.person_id,
    max_size=12,
)


def test_nobody_marks_their_own_district() -> None:
    assert may_mark(Marker(1, THERE), district=HERE, already=[])
    assert not may_mark(Marker(1, HERE), district=HERE, already=[])


def test_nobody_without_a_noted_district_marks() -> None:
    assert not may_mark(Marker(1, None), district=HERE, already=[])
    assert not may_mark(Marker(1, None), district=None, already=[])


def test_a_candidate_without_a_place_may_be_marked_by_anybody() -> None:
    assert may_mark(Marker(1, THERE), district=None, already=[])


def test_nobody_marks_a_script_twice() -> None:
    assert not may_mark(Marker(1, THERE), district=HERE, already=[1])


def test_whoever_has_least_waiting_comes_first() -> None:
    pool = [Marker(1, THERE, waiting=2), Marker(2, THERE, waiting=0), Marker(3, THERE, waiting=1)]

    assert choose(pool, district=HERE, already=[], count=2, seed="s") == [2, 3]


def test_chance_decides_between_equals() -> None:
    pool = [Marker(number, THERE) for number in range(1, 6)]
    first = {choose(pool, district=HERE, already=[], count=1, seed=str(seed))[0] for seed in range(100)}

    assert first == {1, 2, 3, 4, 5}


@given(pool=markers, already=st.sets(st.integers(1, 40)), count=st.integers(0, 3), seed=st.text(max_size=5))
def test_only_people_who_may_are_chosen_and_as_many_as_there_are(
    pool: list[Marker], already: set[int], count: int, seed: str
) -> None:
    chosen = choose(pool, district=HERE, already=already, count=count, seed=seed)
    able = {marker.person_id for marker in pool if may_mark(marker, district=HERE, already=already)}

    assert set(chosen) <= able
    assert len(set(chosen)) == len(chosen) == min(count, len(able))
    assert chosen == choose(pool[::-1], district=HERE, already=already, count=count, seed=seed)


def test_a_code_is_two_groups_of_four() -> None:
    assert written_code("K7MD84RT") == "K7MD-84RT"
