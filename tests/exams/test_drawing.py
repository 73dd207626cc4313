"""The draw: by a seed, by rank, whole or not at all."""

from itertools import combinations, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams import drawing
from app.exams.blueprints import Blueprint
from app.exams.drawing import Drawable, Drawn, TooFew, draw
from tests.exams.builders import blueprint, text

TOPICS = ["budget", "functions", "case"]
TYPES = ["single_choice", "numeric"]


def plan(*slots: dict[str, Any], apart: bool = False) -> Blueprint:
    """Return a blueprint of these slots, in one section or each in its own."""
    sections = (
        [{"key": f"part-{number}", "slots": [slot]} for number, slot in enumerate(slots)]
        if apart
        else [{"key": "part", "slots": list(slots)}]
    )
    rule = {"kind": "thresholds", "total": "60", "sections": {}}
    titled = [{**section, "title": text("Бөлім")} for section in sections]
    return Blueprint.model_validate(blueprint(sections=titled, pass_rule=rule))


def item(key: str, topic: str = "budget", type_key: str = "single_choice", **more: Any) -> Drawable:
    return Drawable(
        key,
        topic,
        type_key,
        more.get("competency", "analysis"),
        "apply",
        more.get("stimulus"),
        frozenset(more.get("apart_from", ())),
        more.get("stage"),
    )


pools = st.lists(
    st.builds(
        item,
        st.integers(0, 60).map("item-{}".format),
        st.sampled_from(TOPICS),
        st.sampled_from(TYPES),
        stimulus=st.sampled_from([None, None, "case-1", "case-2"]),
    ),
    unique_by=lambda one: one.key,
    max_size=25,
)
slots = st.lists(
    st.fixed_dictionaries(
        {"count": st.integers(1, 3)},
        optional={
            "topics": st.lists(st.sampled_from(TOPICS), min_size=1, max_size=2, unique=True),
            "types": st.lists(st.sampled_from(TYPES), min_size=1, max_size=1),
            "case": st.booleans(),
        },
    ),
    min_size=1,
    max_size=3,
)
seeds = st.text("0123456789abcdef", min_size=1, max_size=8)


def try_draw(file: Blueprint, pool: list[Drawable], seed: str) -> list[Drawn] | None:
    try:
        return draw(file, pool, seed=seed)
    except TooFew:
        return None


@given(pools, slots, seeds, st.randoms(use_true_random=False), st.booleans())
def test_the_same_seed_draws_the_same_paper_from_any_order(
    pool: list[Drawable],
    wanted: list[dict[str, Any]],
    seed: str,
    chance: Random,
    apart: bool,
) -> None:
    file = plan(*wanted, apart=apart)
    shuffled = list(pool)
    chance.shuffle(shuffled)

    assert try_draw(file, pool, seed) == try_draw(file, shuffled, seed)


@given(pools, slots, seeds)
def test_a_paper_holds_what_the_blueprint_asks_and_nothing_twice(
    pool: list[Drawable], wanted: list[dict[str, Any]], seed: str
) -> None:
    file = plan(*wanted, apart=True)
    by_key = {one.key: one for one in pool}
    drawn = try_draw(file, pool, seed)
    if drawn is None:
        return

    assert len({one.key for one in drawn}) == len(drawn) == file.count
    for section in file.sections:
        own = [by_key[one.key] for one in drawn if one.section == section.key]
        assert len(own) == section.count
        assert all(drawing.fits(section.slots[0], one) for one in own)
    assert [one.section for one in drawn] == sorted(one.section for one in drawn)


@given(pools, slots, seeds)
def test_items_of_one_stimulus_stand_side_by_side(
    pool: list[Drawable], wanted: list[dict[str, Any]], seed: str
) -> None:
    stimulus_of = {one.key: one.stimulus for one in pool}
    drawn = try_draw(plan(*wanted), pool, seed) or []
    order = [stimulus_of[one.key] for one in drawn]

    for stimulus in {one for one in order if one}:
        first, last = order.index(stimulus), len(order) - 1 - order[::-1].index(stimulus)
        assert set(order[first : last + 1]) == {stimulus}


@given(pools, slots, seeds)
def test_one_more_item_moves_at_most_one_out(
    pool: list[Drawable], wanted: list[dict[str, Any]], seed: str
) -> None:
    file = plan(*wanted)
    before = try_draw(file, pool, seed)
    after = try_draw(file, [*pool, item("newcomer")], seed)
    if before is None:
        return

    assert after is not None
    assert len({one.key for one in before} - {one.key for one in after}) <= 1


@given(seeds, st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_items_that_give_each_other_away_never_meet(seed: str, pairs: set[tuple[int, int]]) -> None:
    pairs = {(one, other) for one, other in pairs if one != other}
    pool = [
        item(f"item-{number}", apart_from=[f"item-{other}" for one, other in pairs if one == number])
        for number in range(10)
    ]
    drawn = {one.key for one in try_draw(plan({"count": 3}), pool, seed) or []}
    assert drawn
    assert not any({f"item-{one}", f"item-{other}"} <= drawn for one, other in pairs)


small_pools = st.lists(
    st.tuples(st.sampled_from(TOPICS), st.sets(st.integers(0, 6), max_size=3)), min_size=1, max_size=7
).map(
    lambda found: [
        item(f"item-{number}", topic, apart_from=[f"item-{other}" for other in others if other != number])
        for number, (topic, others) in enumerate(found)
    ]
)
small_slots = st.lists(
    st.fixed_dictionaries(
        {"count": st.just(1)}, optional={"topics": st.lists(st.sampled_from(TOPICS), min_size=1)}
    ),
    min_size=1,
    max_size=3,
)


@given(small_pools, small_slots, seeds)
def test_a_draw_succeeds_whenever_one_exists(
    pool: list[Drawable], wanted: list[dict[str, Any]], seed: str
) -> None:
    file = plan(*wanted, apart=True)
    slots = [section.slots[0] for section in file.sections]
    exists = any(
        all(drawing.fits(slot, one) for slot, one in zip(slots, chosen, strict=True))
        and not any(one.helps(other) for one, other in combinations(chosen, 2))
        for chosen in permutations(pool, len(slots))
    )

    assert (try_draw(file, pool, seed) is not None) is exists


def test_a_single_case_is_not_driven_out_by_what_it_is_kept_apart_from() -> None:
    file = plan({"count": 3}, {"count": 1, "topics": ["case"]}, apart=True)
    pool = [item(f"item-{number}", apart_from=["only-case"] if number < 5 else []) for number in range(9)]

    for seed in "0123456789":
        drawn = draw(file, [*pool, item("only-case", "case")], seed=seed)
        assert drawn[3].key == "only-case"


def test_a_broad_slot_does_not_take_what_a_narrow_one_needs() -> None:
    file = plan({"count": 2}, {"count": 1, "topics": ["case"]}, apart=True)
    pool = [item("a"), item("b"), item("only-case", "case")]

    for seed in "0123456789":
        drawn = draw(file, pool, seed=seed)
        assert drawn[2] == Drawn("part-1", "only-case")


def test_refuses_what_the_bank_cannot_fill() -> None:
    with pytest.raises(TooFew) as refused:
        draw(
            plan({"count": 1}, {"count": 2, "topics": ["case"]}, apart=True), [item("a"), item("b")], seed="1"
        )

    assert refused.value.values == {"section": "part-1"}


def test_an_author_hears_how_many_items_are_missing() -> None:
    file = plan({"count": 1}, {"count": 2, "topics": ["case"]}, apart=True)

    assert drawing.problems(file, [item("a"), item("b", "case")]) == [
        "sections.part-1: wants 2 items, the bank has 1 that fit"
    ]


def test_an_author_hears_that_two_sections_want_the_same_items() -> None:
    file = plan({"count": 2}, {"count": 1, "topics": ["budget"]}, apart=True)

    assert drawing.problems(file, [item("a"), item("b")]) == [
        "sections.part-0: its items are wanted elsewhere, or kept apart from others"
    ]
    assert drawing.problems(file, [item(f"item-{number}") for number in range(12)]) == []


def test_other_seeds_draw_other_papers() -> None:
    file, pool = plan({"count": 5}), [item(f"item-{number}") for number in range(40)]

    assert len({tuple(one.key for one in draw(file, pool, seed=str(seed))) for seed in range(20)}) > 15


def test_the_hash_of_a_paper_knows_its_order() -> None:
    assert drawing.content_hash(["a", "b"]) != drawing.content_hash(["b", "a"])
