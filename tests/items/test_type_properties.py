"""What must hold for every body and every answer."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.items.types import BY_KEY
from app.items.types.base import MalformedAnswer
from app.items.types.numeric import read_number
from tests.items.bodies import BODIES, answers, as_form, situational_judgement

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=3), part, max_size=4),
    max_leaves=6,
)
machine_types = pytest.mark.parametrize("key", list(BODIES))


def drawn_body(data: st.DataObject, key: str) -> Any:
    return BY_KEY[key].body_model.model_validate(data.draw(BODIES[key]))


@machine_types
@given(data=st.data())
def test_score_is_a_share(key: str, data: st.DataObject) -> None:
    body = drawn_body(data, key)

    assert 0 <= BY_KEY[key].score(body, data.draw(answers(key, body))) <= 1


@machine_types
@given(data=st.data())
def test_key_earns_everything(key: str, data: st.DataObject) -> None:
    body = drawn_body(data, key)

    assert BY_KEY[key].score(body, BY_KEY[key].key_answer(body)) == 1


@machine_types
@given(data=st.data())
def test_nothing_earns_nothing(key: str, data: st.DataObject) -> None:
    assert BY_KEY[key].score(drawn_body(data, key), None) == 0


@machine_types
@given(data=st.data())
def test_form_and_json_keep_and_earn_the_same(key: str, data: st.DataObject) -> None:
    body = drawn_body(data, key)
    answer = data.draw(answers(key, body))
    from_json, from_form = BY_KEY[key].validate(body, answer), BY_KEY[key].parse(body, as_form(answer))

    assert from_json == from_form
    assert BY_KEY[key].validate(body, from_json) == from_json
    assert BY_KEY[key].score(body, from_json) == BY_KEY[key].score(body, answer)


@machine_types
@given(data=st.data())
def test_any_json_is_kept_or_refused_in_words(key: str, data: st.DataObject) -> None:
    body = drawn_body(data, key)
    try:
        kept = BY_KEY[key].validate(body, data.draw(JSON))
    except MalformedAnswer:
        return
    assert 0 <= BY_KEY[key].score(body, kept) <= 1
    assert isinstance(BY_KEY[key].readable(body, kept, "kk"), list)


@machine_types
@given(data=st.data())
def test_shown_options_are_all_options_in_the_order_asked_for(key: str, data: st.DataObject) -> None:
    body = drawn_body(data, key)
    order = data.draw(st.permutations(BY_KEY[key].option_ids(body)))
    question = BY_KEY[key].present(body, "ru", list(order))

    assert [option["id"] for option in question.get("options", [])] == list(order)


@given(raw=situational_judgement(), rating=st.integers(1, 4))
def test_rating_all_alike_earns_exactly_half(raw: dict[str, Any], rating: int) -> None:
    judgement = BY_KEY["situational_judgement"]
    body = judgement.body_model.model_validate(raw)
    flat = dict.fromkeys(judgement.option_ids(body), rating)

    assert judgement.score(body, flat) == Fraction(1, 2)


@given(raw=situational_judgement(), data=st.data())
def test_turning_all_ratings_round_turns_the_score_round(raw: dict[str, Any], data: st.DataObject) -> None:
    judgement = BY_KEY["situational_judgement"]
    body = judgement.body_model.model_validate(raw)
    answer = data.draw(answers("situational_judgement", body))
    turned = {action: 5 - rating for action, rating in answer.items()}

    assert judgement.score(body, answer) + judgement.score(body, turned) == 1


@given(number=st.decimals(-(10**14), 10**14, places=6), mark=st.sampled_from(".,"))
def test_number_is_read_exactly_however_it_is_written(number: Decimal, mark: str) -> None:
    plain = f"{number:f}"
    grouped = f"{number:,f}".replace(",", "\u00a0").replace(".", mark)

    assert read_number(plain) == read_number(grouped) == Fraction(number)
    assert read_number(grouped.replace("-", "\u2212")) == Fraction(number)


@given(
    key=st.decimals(-1000, 1000, places=4),
    tolerance=st.decimals(0, 5, places=4),
    side=st.sampled_from([-1, 1]),
)
def test_tolerance_ends_where_it_says(key: Decimal, tolerance: Decimal, side: int) -> None:
    numeric = BY_KEY["numeric"]
    body = numeric.body_model.model_validate({"key": f"{key:f}", "tolerance": f"{tolerance:f}"})
    edge = key + side * tolerance

    assert numeric.score(body, f"{edge:f}") == 1
    assert numeric.score(body, f"{edge + side * Decimal('0.00001'):f}") == 0
