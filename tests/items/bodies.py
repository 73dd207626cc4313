"""Bodies of every type made by Hypothesis, and the examples that stand beside the types."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.core.content import read_yaml
from app.items import types

FOLDER = Path(types.__file__).parent
CANARY = "CANARY"
"""Stands in every text that a candidate must not see."""


def example(key: str) -> dict[str, Any]:
    """Return the example of a type."""
    read = read_yaml(FOLDER / key / "example.yaml")
    assert isinstance(read, dict)
    return read


def text(words: str) -> dict[str, str]:
    return {"kk": f"{words} kk", "ru": f"{words} ru", "en": f"{words} en"}


def entries(count: int, start: str = "o") -> list[dict[str, Any]]:
    return [{"id": f"{start}{number}", "text": text(f"{start} {number}")} for number in range(count)]


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


@st.composite
def single_choice(draw: st.DrawFn) -> dict[str, Any]:
    options = entries(draw(st.integers(2, 7)))
    return {"options": options, "key": draw(st.sampled_from(_ids(options)))}


@st.composite
def multiple_choice(draw: st.DrawFn) -> dict[str, Any]:
    options = entries(draw(st.integers(3, 7)))
    key = st.lists(st.sampled_from(_ids(options)), min_size=2, max_size=len(options) - 1, unique=True)
    return {"options": options, "key": draw(key)}


@st.composite
def numeric(draw: st.DrawFn) -> dict[str, Any]:
    key = draw(st.decimals(-10_000, 10_000, places=3))
    tolerance = draw(st.decimals(0, 10, places=3))
    return {"unit": text("га"), "key": f"{key:f}", "tolerance": f"{tolerance:f}"}


@st.composite
def ordering(draw: st.DrawFn) -> dict[str, Any]:
    lines = entries(draw(st.integers(3, 6)))
    key = st.permutations(_ids(lines)).filter(lambda order: list(order) != sorted(order))
    return {"entries": lines, "key": list(draw(key))}


@st.composite
def matching(draw: st.DrawFn) -> dict[str, Any]:
    left = entries(draw(st.integers(2, 5)), "l")
    right = entries(draw(st.integers(2, 6)), "r")
    key = {line: draw(st.sampled_from(_ids(right))) for line in _ids(left)}
    return {"left": left, "right": right, "key": key}


@st.composite
def situational_judgement(draw: st.DrawFn) -> dict[str, Any]:
    actions = entries(4)
    ratings = st.lists(st.integers(1, 4), min_size=4, max_size=4).filter(lambda key: len(set(key)) > 1)
    return {"actions": actions, "key": dict(zip(_ids(actions), draw(ratings), strict=True))}


BODIES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "single_choice": single_choice(),
    "multiple_choice": multiple_choice(),
    "numeric": numeric(),
    "ordering": ordering(),
    "matching": matching(),
    "situational_judgement": situational_judgement(),
}


def answers(key: str, body: Any) -> st.SearchStrategy[Any]:
    """Return answers to `body` that its page could send, finished or not."""
    if key == "single_choice":
        return st.sampled_from([option.id for option in body.options])
    if key == "multiple_choice":
        return st.lists(st.sampled_from([option.id for option in body.options]), min_size=1, unique=True)
    if key == "numeric":
        return st.decimals(-20_000, 20_000, places=3).map(lambda number: f"{number:f}".replace(".", ","))
    if key == "ordering":
        ids = [entry.id for entry in body.entries]
        return st.dictionaries(st.sampled_from(ids), st.integers(1, len(ids)), min_size=1)
    if key == "matching":
        right = [entry.id for entry in body.right]
        left = st.sampled_from([entry.id for entry in body.left])
        return st.dictionaries(left, st.sampled_from(right), min_size=1)
    return st.dictionaries(st.sampled_from([one.id for one in body.actions]), st.integers(1, 4), min_size=1)


def as_form(answer: Any) -> dict[str, list[str]]:
    """Return the fields in which a browser would send `answer`."""
    if isinstance(answer, dict):
        return {f"answer-{part}": [str(value)] for part, value in answer.items()}
    if isinstance(answer, list):
        return {"answer": answer}
    return {"answer": [answer]}
