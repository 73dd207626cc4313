"""Who gets which paper, and the order of its options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.dealing import choose_paper, option_order

seeds = st.text("0123456789abcdef", min_size=1, max_size=8)


@given(st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True), seeds, st.integers(1, 60))
def test_options_are_only_put_into_another_order(ids: list[str], seed: str, position: int) -> None:
    order = option_order(ids, seed=seed, position=position)

    assert sorted(order) == sorted(ids)
    assert order == option_order(reversed(ids), seed=seed, position=position)


def test_a_person_gets_a_paper_not_seen_before_while_there_is_one() -> None:
    assert {choose_paper([1, 2, 3], seen={1, 2}, seed=str(seed)) for seed in range(20)} == {3}
    assert {choose_paper([1, 2], seen={1, 2}, seed=str(seed)) for seed in range(20)} == {1, 2}
    with pytest.raises(ValueError, match="empty"):
        choose_paper([], seen=(), seed="1")
