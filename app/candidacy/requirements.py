"""What the law asks of whoever wants to stand, as data, and what a person's answers come to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from app.core import wording
from app.core.content import Name, Strict, Text, Unreadable, faults, read_yaml
from app.core.sources import Act, Citation, citation_problems

FILE = Path(__file__).with_name("requirements.yaml")

Outcome = Literal["met", "not_met", "show"]
"""met: nothing stands in the way; not_met: the law closes the way; show: the commission must be shown."""


class Option(Strict):
    """One answer that a person may give."""

    key: Name
    text: Text
    outcome: Outcome


class Requirement(Strict):
    """One rule of the law.

    Attributes:
        follows: by outcome: what it means and what to do.
        paper: what must be shown to the commission, where there is such a paper.
    """

    key: Name
    question: Text
    act: str
    article: str
    edition: date
    options: Annotated[list[Option], Field(min_length=2)]
    follows: dict[Outcome, Text]
    paper: Text | None = None

    @property
    def citation(self) -> Citation:
        return Citation(act=self.act, article=self.article, edition=self.edition)

    def outcome(self, answer: str | None) -> Outcome | None:
        """Return what `answer` comes to; None when it is none of the options."""
        return next((option.outcome for option in self.options if option.key == answer), None)


class Requirements(Strict):
    """All rules, as of `version`: the newest day of the texts they were read in."""

    version: str
    rules: Annotated[list[Requirement], Field(min_length=1)]


@dataclass(frozen=True)
class Standing:
    """One rule and how one person stands to it; no outcome: not answered yet."""

    rule: Requirement
    answer: str | None
    outcome: Outcome | None


@dataclass(frozen=True)
class Summary:
    """What the answers come to."""

    standings: Sequence[Standing]

    def of(self, outcome: Outcome | None) -> list[Standing]:
        """Return the rules with this outcome; None: those not answered."""
        return [one for one in self.standings if one.outcome == outcome]

    @property
    def papers(self) -> list[Text]:
        """Return the papers that the commission must still be shown."""
        return [one.rule.paper for one in self.of("show") if one.rule.paper]

    @property
    def is_answered(self) -> bool:
        return not self.of(None)


@cache
def load(path: Path = FILE) -> Requirements:
    """Return the rules.

    Raises:
        Unreadable, ValidationError: the file is not sound; `problems` says it in words.
    """
    return Requirements.model_validate(read_yaml(path))


def problems(path: Path, acts: Mapping[str, Act], *, today: date) -> list[str]:
    """Return what is wrong with the file, one line each; empty when it is sound."""
    try:
        rules = load.__wrapped__(path)
    except Unreadable as error:
        return [str(error)]
    except ValidationError as error:
        return faults(error)
    found = wording.language_problems(rules.model_dump())
    for rule in rules.rules:
        found += [f"{rule.key}: {text}" for text in citation_problems([rule.citation], acts, today=today)]
        found += [
            f"{rule.key}: nothing is said of {option.outcome}"
            for option in rule.options
            if option.outcome not in rule.follows
        ]
    return found


def summarise(rules: Requirements, answers: Mapping[str, str]) -> Summary:
    """Return how a person with these answers (by rule) stands to every rule."""
    return Summary(
        [Standing(rule, answers.get(rule.key), rule.outcome(answers.get(rule.key))) for rule in rules.rules]
    )
