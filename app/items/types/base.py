"""What every item type must be able to do, and the parts that types share. Pure."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import StringConstraints

from app.core.content import Strict, Text
from app.core.errors import N_, Invalid

LONGEST_TEXT = 20_000
LONGEST_ID = 20
FIELD = "answer"
"""The name of a form field; `answer-<id>` where each part of the item has a field of its own."""

Id = Annotated[str, StringConstraints(pattern=rf"^[a-z][a-z0-9]{{0,{LONGEST_ID - 1}}}$")]
Answer = str | list[str] | dict[str, str] | dict[str, int]
"""What is kept of an answer: plain JSON, never empty; an item left empty has None instead."""
Form = Mapping[str, Sequence[str]]
"""The fields of a plain HTML form: all values by name (`request.form.to_dict(flat=False)`)."""


class MalformedAnswer(Invalid):
    """No page of ours could have sent this as an answer to this item."""

    message = N_("This is not an answer that the question allows. It was not saved.")


class TooLong(MalformedAnswer):
    """The text is longer than anybody reads."""

    message = N_("The text is longer than 20,000 characters. It was not saved: shorten it.")


class MarkedByPeople(TypeError):  # noqa: N818 - named after the reason, as all are
    """A score was asked of a type that only examiners mark: a fault of the caller."""


class Entry(Strict):
    """A part of an item that an answer names: an option, an action, a line."""

    id: Id
    text: Text


Body = TypeVar("Body", bound=Strict)


class ItemType(Protocol[Body]):
    """One kind of item. Holds no state: what an item says is in `body`, what a person said in `answer`.

    Attributes:
        key: the name of its folder and of `type:` in the bank's files.
        marked_by: who gives the score.
        body_model: reads and checks the `body:` of an item; `body_model.model_validate(raw)`.
    """

    key: str
    marked_by: Literal["machine", "people"]
    body_model: type[Body]

    @abstractmethod
    def problems(self, body: Body) -> list[str]:
        """Return what is wrong between the fields of `body`, for its author, in English; empty when sound."""
        ...

    @abstractmethod
    def option_ids(self, body: Body) -> list[str]:
        """Return the ids whose order on the screen may differ by attempt; empty where nothing is shuffled."""
        ...

    def reason_ids(self, body: Body) -> list[str]:  # noqa: ARG002 - types with options look at them
        """Return the ids that the item's `reasons:` must explain."""
        return ["key"]

    @abstractmethod
    def parse(self, body: Body, form: Form) -> Answer | None:
        """Return the answer that a plain HTML form holds; None when it was left empty.

        Raises:
            MalformedAnswer: the form cannot have come from this item's page, or the text is too long.
        """
        ...

    @abstractmethod
    def validate(self, body: Body, answer: object) -> Answer | None:
        """Return the answer as it is to be kept, from JSON as it was posted; None when it is empty.

        The same choice gives the same JSON, by form or by script: a resend compares equal.

        Raises:
            MalformedAnswer: `answer` has another shape, names unknown ids, or is too long.
        """
        ...

    def remark(self, body: Body, answer: object) -> str | None:  # noqa: ARG002 - most types have none
        """Return what the candidate should know of a kept answer that looks unfinished, else None.

        An English sentence, a key of the catalogues. It tells nothing about right or wrong.
        """
        return None

    @abstractmethod
    def key_answer(self, body: Body) -> Answer | None:
        """Return an answer that earns everything; None where people mark."""
        ...

    @abstractmethod
    def score(self, body: Body, answer: object) -> Fraction:
        """Return the share earned, 0-1, exact; 0 for None.

        Raises:
            MalformedAnswer: `answer` is not one that `validate` lets through.
            MarkedByPeople: the type is not scored by machine.
        """
        ...

    @abstractmethod
    def present(self, body: Body, language: str, order: Sequence[str]) -> dict[str, Any]:
        """Return what a candidate may see of `body`, as plain JSON in one language.

        Args:
            body: the item's body.
            language: kk, ru or en.
            order: `option_ids` in the order to show.

        Raises:
            ValueError: `order` is not a permutation of `option_ids`.
        """
        ...

    @abstractmethod
    def readable(self, body: Body, answer: object, language: str) -> list[str]:
        """Return lines that say what was answered, for review, scripts and appeals; empty for None."""
        ...


def one_field(form: Form, name: str = FIELD) -> str:
    """Return the single value of a field, "" when it is missing.

    Raises:
        MalformedAnswer: the field came twice.
    """
    values = form.get(name, ())
    if len(values) > 1:
        raise MalformedAnswer
    return values[0] if values else ""


def fields_by_id(form: Form) -> dict[str, str]:
    """Return the values of all `answer-<id>` fields that are not empty, by id, known or not."""
    start = f"{FIELD}-"
    found = {name.removeprefix(start): one_field(form, name) for name in form if name.startswith(start)}
    return {part: value for part, value in found.items() if value}


def in_order(entries: Sequence[Entry], order: Sequence[str]) -> list[Entry]:
    """Return `entries` in the order of their ids in `order`.

    Raises:
        ValueError: `order` is not a permutation of their ids.
    """
    by_id = {entry.id: entry for entry in entries}
    if sorted(order) != sorted(by_id):
        message = f"{list(order)} is not an order of {sorted(by_id)}"
        raise ValueError(message)
    return [by_id[entry_id] for entry_id in order]


def shown(entries: Iterable[Entry], language: str) -> list[dict[str, str]]:
    """Return id and text of each entry in one language."""
    return [{"id": entry.id, "text": entry.text[language]} for entry in entries]


def ids_of(entries: Iterable[Entry]) -> list[str]:
    """Return the ids in the order of the file."""
    return [entry.id for entry in entries]


def entry_problems(name: str, entries: Sequence[Entry], *, at_least: int = 2) -> list[str]:
    """Return what is wrong with a list of entries: too few, an id or a text that stands twice."""
    found = [] if len(entries) >= at_least else [f"{name}: fewer than {at_least}"]
    found += [f"{name}: id {again} stands twice" for again in _repeated(ids_of(entries))]
    for language in ("kk", "ru", "en"):
        texts = [entry.text[language].strip() for entry in entries]
        found += [f"{name}: two have the same {language} text: {again}" for again in _repeated(texts)]
    return found


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def ensure(condition: bool) -> None:  # noqa: FBT001 - it reads as a sentence
    """Raise `MalformedAnswer` unless `condition` holds."""
    if not condition:
        raise MalformedAnswer
