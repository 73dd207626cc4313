"""What a process keeps: made once, the least used goes first."""

from app.core.kept import Kept


def test_a_value_is_made_once() -> None:
    kept: Kept[list[int]] = Kept(2)
    first = kept.get("a", lambda: [1])

    assert kept.get("a", lambda: [2]) is first


def test_the_least_used_goes_first() -> None:
    kept: Kept[str] = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: "old")

    assert kept.get("a", lambda: "new") == "old"
    assert kept.get("b", lambda: "new") == "new"
