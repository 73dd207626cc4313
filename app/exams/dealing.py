"""Who gets which paper, and in which order its options stand. Pure: chance is a seed."""

from collections.abc import Collection, Iterable, Sequence

from app.exams.drawing import rank


def option_order(ids: Iterable[str], *, seed: str, position: int) -> list[str]:
    """Return the ids in the order in which this attempt shows them at this position."""
    return sorted(ids, key=lambda one: rank(seed, position, one))


def choose_paper(papers: Sequence[int], *, seen: Collection[int], seed: str) -> int:
    """Return one of the parallel papers: one that the person has not seen, while there is one.

    Raises:
        ValueError: there are no papers.
    """
    fresh = [paper for paper in papers if paper not in seen]
    return min(fresh or papers, key=lambda paper: rank(seed, paper))
