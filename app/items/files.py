"""What a file of the bank may hold: an item, a stimulus; and the hash that tells versions apart. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.core.content import Name, Strict, Text, Words
from app.core.figures import Figure
from app.core.sources import Citation

LAST_FUNCTION = 79
"""An akim's functions and powers are numbered from 1 to this in the list that items and lessons share."""

Competency = Literal["analysis", "clarity", "involvement", "self-learning", "conflict", "constraint"]


Use = Literal["exam", "suitability", "practice"]
"""What an item is for; practice items are open to anyone, and so are never in a test that counts."""
PUBLIC = "practice"
LISTED = frozenset(
    {
        *("id", "kind", "type", "use", "stage", "topic", "competency"),
        *("functions", "level", "difficulty", "stimulus", "apart_from"),
    }
)
"""What is said of an item or a stimulus without its words: what a draw, a list and the coverage look at."""
Stage = Literal["learn", "apply"]
"""In a set of learning and applying: answered with the reason at once, or without."""


class ItemFile(Strict):
    """One item as its author wrote it.

    Attributes:
        stage: for an item of a set of learning and applying.
        body: as the type's own `body_model` reads it.
        reasons: by option id, or `key` alone: why an answer is right or wrong.
        apart_from: items that give this one away, or that it gives away: never in one paper with it.
        rests_on: why the key holds where no act says so (invented data, plain reasoning).
        note: what the item measures; the author's, in English, shown to nobody else.
    """

    id: Name
    type: str
    use: Use
    stage: Stage | None = None
    topic: Annotated[Name, StringConstraints(max_length=40)]
    competency: Competency
    functions: list[Annotated[int, Field(ge=1, le=LAST_FUNCTION)]]
    level: Literal["recall", "apply", "judge"]
    difficulty: Literal["easy", "medium", "hard"]
    sources: list[Citation]
    rests_on: Words | None = None
    stimulus: Name | None = None
    apart_from: list[Name] = Field(default_factory=list)
    stem: Text
    body: dict[str, Any]
    reasons: dict[str, Text]
    note: Words


class StimulusFile(Strict):
    """One text, table or case that several items share.

    Attributes:
        text: Markdown without HTML.
        figure: stands below the text.
    """

    id: Name
    kind: Literal["case", "table", "letter", "rule", "dossier", "minutes", "plan", "map"]
    title: Text
    text: Text
    figure: Figure | None = None
    sources: list[Citation]
    invented: bool = False


def content(file: ItemFile | StimulusFile) -> dict[str, Any]:
    """Return the file as plain JSON, dates as ISO texts: what a version keeps."""
    return file.model_dump(mode="json")


def listed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be read of a file's content without its words: no stem, text, body, reasons or note."""
    said = {name: value for name, value in content.items() if name in LISTED}
    # Which acts are cited and how old the reading is; the article could tell what is asked.
    cited = [{"act": one["act"], "edition": one["edition"]} for one in content.get("sources", ())]
    return said | {"sources": cited}


def is_whole(content: Mapping[str, Any]) -> bool:
    """Tell whether a version's content still holds its words: those of an item, or of a stimulus."""
    return "body" in content or "text" in content


def stimulus_hash(stimulus: StimulusFile) -> str:
    """Return what tells this wording of a stimulus from any other."""
    return _hash(content(stimulus))


def content_hash(item: ItemFile, stimulus: StimulusFile | None = None) -> str:
    """Return what tells this wording of an item from any other, in lower-case hex.

    SHA-256 of the canonical JSON of all that candidates see, that scores, or that a draw looks at;
    so of everything but the author's note, and with the hash of the stimulus in place of its name.

    Raises:
        ValueError: `stimulus` is not the one that the item names.
    """
    if item.stimulus != (stimulus.id if stimulus else None):
        message = f"{item.id} uses {item.stimulus}"
        raise ValueError(message)
    seen = content(item)
    del seen["note"]
    if stimulus:
        seen["stimulus"] = stimulus_hash(stimulus)
    return _hash(seen)


def _hash(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
