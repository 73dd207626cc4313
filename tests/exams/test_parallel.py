"""Cases come whole, and parallel forms share little."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.exams import drawing
from app.exams.drawing import Drawable, Drawn, draw
from tests.exams.test_drawing import item, plan, seeds


def cases(count: int, size: int = 3, topic: str = "case") -> list[Drawable]:
    """Return the items of so many cases."""
    return [
        item(f"case-{case}-{number}", topic, stimulus=f"case-{case}")
        for case in range(count)
        for number in range(size)
    ]


def test_an_author_hears_that_parallel_forms_would_share_too_much() -> None:
    found = drawing.problems(plan({"count": 4}), [item(f"item-{number}") for number in range(8)])

    assert "parallel forms 1 and 3 share 100% of their items, wanted under 30%" in found
    assert all("1 and 2" not in problem for problem in found)


@given(seeds, st.integers(1, 4))
def test_parallel_forms_share_nothing_while_the_bank_lasts(seed: str, forms: int) -> None:
    file = plan({"count": 3}, {"count": 2, "topics": ["case"], "case": True}, apart=True)
    pool = [item(f"item-{number}") for number in range(12)] + cases(4)
    drawn = drawing.parallel(file, pool, seed=seed, forms=forms)

    assert len(drawn) == forms
    assert all(drawing.overlap(one, other) == 0 for one, other in combinations(drawn, 2))
    assert draw(file, pool, seed=seed, form=forms) == drawn[-1]


@given(seeds)
def test_a_case_comes_whole_and_alone(seed: str) -> None:
    file = plan({"count": 3, "topics": ["case"], "case": True}, {"count": 4}, apart=True)
    pool = [*cases(3), *(item(f"item-{number}", "case") for number in range(5))]
    drawn = draw(file, pool, seed=seed)

    assert len({one.key.rsplit("-", 1)[0] for one in drawn[:3]}) == 1
    assert not any(one.key.startswith("case-") for one in drawn[3:])


@given(seeds)
def test_two_slots_get_two_cases(seed: str) -> None:
    slot = {"count": 2, "topics": ["case"], "case": True}
    drawn = draw(plan(slot, slot, apart=True), cases(2, size=2), seed=seed)

    assert {one.key[:6] for one in drawn[:2]} | {one.key[:6] for one in drawn[2:]} == {"case-0", "case-1"}


def test_a_case_that_gives_a_needed_item_away_is_passed_over() -> None:
    file = plan(
        {"count": 1, "topics": ["case"], "case": True}, {"count": 1, "topics": ["budget"]}, apart=True
    )
    only = item("only", apart_from=["case-0-0"])

    for seed in "0123456789":
        assert draw(file, [*cases(2, size=1), only], seed=seed)[0].key == "case-1-0"


def test_a_text_to_be_written_may_have_a_stimulus_of_its_own() -> None:
    essay = item("essay", "case", "essay", stimulus="letter")

    assert draw(plan({"count": 1, "topics": ["case"]}), [essay], seed="1") == [Drawn("part", "essay")]


@given(seeds)
def test_what_is_learnt_comes_before_what_is_applied(seed: str) -> None:
    pool = [
        item(f"item-{number}", stimulus="rule", stage="learn" if number % 2 else "apply")
        for number in range(6)
    ]
    drawn = draw(plan({"count": 6, "case": True}), pool, seed=seed)

    assert [int(one.key[-1]) % 2 for one in drawn] == [1, 1, 1, 0, 0, 0]
