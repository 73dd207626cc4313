"""The acts that lessons and items cite, and what a citation must name. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from app.core.content import Strict, Text, Words, read_entries

FILE = Path("course_content/sources.yaml")
"""From the folder of the content on."""


OLD_AFTER = timedelta(days=730)
"""A text read longer ago than this may have changed: whoever looks after the content hears of it."""


class Act(Strict):
    """A law or another act.

    Attributes:
        title: kind, name, date and number.
        edition: the date of the newest text that was read.
        address: where that text is.
    """

    title: Text
    edition: date
    address: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]


class Citation(Strict):
    """Where a fact stands.

    Attributes:
        act: a key of `course_content/sources.yaml`.
        article: article, paragraph and sub-paragraph, as people write them.
        edition: the date of the text in which it was read.
    """

    act: Words
    article: Words
    edition: date


def load(path: Path) -> tuple[dict[str, Act], list[str]]:
    """Return the acts of `sources.yaml` by key, and every problem of the file in words."""
    return read_entries(path, Act)


def citation_problems(citations: Iterable[Citation], acts: Mapping[str, Act], *, today: date) -> list[str]:
    """Return what is wrong with citations: an act nobody knows, an edition that cannot have been read."""
    found: list[str] = []
    for citation in citations:
        act = acts.get(citation.act)
        if act is None:
            found.append(f"sources: there is no act {citation.act} in sources.yaml")
        elif citation.edition > act.edition:
            found.append(
                f"sources: {citation.act} was read in the edition of {citation.edition}, "
                f"but sources.yaml knows it up to {act.edition}"
            )
        if citation.edition > today:
            found.append(f"sources: the edition {citation.edition} of {citation.act} lies in the future")
    return found


def old(citations: Iterable[tuple[str, Citation]], *, today: date) -> list[str]:
    """Return which texts were read in an old edition, and by whom they are cited; no fault, but to be looked at.

    Args:
        citations: who cites, and what.
        today: the age is counted to it.
    """
    users: dict[tuple[date, str], list[str]] = {}
    for who, citation in citations:
        if today - citation.edition > OLD_AFTER:
            users.setdefault((citation.edition, citation.act), []).append(who)
    return [
        f"{act} in the text of {edition}, older than {OLD_AFTER.days} days: {', '.join(dict.fromkeys(who))}"
        for (edition, act), who in sorted(users.items())
    ]
