"""What a candidate's page says: only what live consents allow, always in the same order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from app.results.scoring import Scores, margin

KINDS = ("suitability", "exam")
PARTS: Mapping[str, tuple[str, ...]] = {
    "suitability": ("sections", "search-engines"),
    "exam": ("score", "sections", "certificate", "search-engines"),
}
"""By kind of result: what the candidate may let the page show beside the bare outcome."""


@dataclass(frozen=True)
class Paper:
    """The certificate, as far as the page names it."""

    number: str
    valid_until: date


@dataclass(frozen=True)
class Grant:
    """One result that may be shown: the facts of the result, and how much of them.

    Attributes:
        kind: exam or suitability.
        taken_on: the day of the attempt, by the country's clock.
        version: which paper it was.
        parts: what the candidate chose beside the outcome.
        until: the last day on which it is shown.
        paper: the certificate; None where none was issued.
    """

    kind: str
    scores: Scores
    taken_on: date
    version: str
    parts: frozenset[str]
    until: date
    paper: Paper | None

    @property
    def has_passed(self) -> bool:
        return self.scores.has_passed

    @property
    def shows_score(self) -> bool:
        return "score" in self.parts and self.scores.total is not None

    @property
    def shows_sections(self) -> bool:
        return "sections" in self.parts

    @property
    def shown_paper(self) -> Paper | None:
        return self.paper if "certificate" in self.parts else None

    @property
    def about(self) -> tuple[int, int] | None:
        """Return the lowest and highest score that the measurement allows."""
        return margin(self.scores.total) if self.scores.total else None

    @property
    def pass_mark(self) -> int | None:
        total = self.scores.total
        return None if total is None or total.floor is None else int(total.floor)


@dataclass(frozen=True)
class Sheet:
    """One candidate's page.

    Attributes:
        public_id: of the entry in the commission's list.
        name: as the commission writes it.
        place: the unit's name by language.
        way: what it lies in, region first: code and name by language.
        grants: what may be shown today; nothing for whoever publishes nothing, whatever the reason.
    """

    public_id: UUID
    name: str
    kato: str
    place: Mapping[str, str]
    way: Sequence[tuple[str, Mapping[str, str]]]
    election_day: date
    grants: tuple[Grant, ...]

    @property
    def unit_way(self) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Return the way to the page: region, district, and the unit itself."""
        return (*self.way, (self.kato, self.place))

    def grant(self, kind: str) -> Grant | None:
        return next((grant for grant in self.grants if grant.kind == kind), None)

    @property
    def last_day(self) -> date | None:
        """Return the day after which the page must be another one."""
        return min((grant.until for grant in self.grants), default=None)

    @property
    def is_for_search_engines(self) -> bool:
        """Tell whether every result shown may be found through search engines."""
        return bool(self.grants) and all("search-engines" in grant.parts for grant in self.grants)

    @property
    def paper_number(self) -> str | None:
        """Return the number of the certificate that is on the page."""
        return next((grant.shown_paper.number for grant in self.grants if grant.shown_paper), None)


def known_parts(kind: str, chosen: Iterable[str]) -> tuple[str, ...]:
    """Return what of `chosen` can be shown of a result of this kind, in the fixed order."""
    wanted = set(chosen)
    return tuple(part for part in PARTS[kind] if part in wanted)


def text_hash(words: Iterable[str]) -> str:
    """Return the SHA-256 of the exact words that a person agreed to, in lower-case hex."""
    return sha256("\n".join(words).encode()).hexdigest()
