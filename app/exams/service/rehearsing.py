"""A practice paper on the screen of an attempt: answers are read as there, and nothing of them is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.orm import Session

from app.core.clock import local
from app.core.errors import NotYours
from app.exams import journal, rehearsal
from app.exams.incoming import Sent
from app.exams.journal import Outcome
from app.exams.rehearsal import Candidate
from app.exams.service.answers import Reply
from app.exams.service.ledger import Lost
from app.exams.service.opening import OpenItem, OpenItems
from app.exams.service.printed import printed
from app.exams.service.sheets import Cell, Progress, Saved, Sheet, question_of
from app.items import service as items
from app.items.types import BY_KEY
from app.items.types.base import Answer, Form, MalformedAnswer

REHEARSAL = UUID(int=0)
"""Stands for an attempt where there is none: of all rehearsals in one browser only the newest is on the device."""
KIND = "rehearsal"
SEED = "open"
NOTHING_LOST = Lost(outages=0, seconds=0, given=0)


@dataclass(frozen=True)
class Typed:
    """What a plain page of the rehearsal holds, read as a save would read it.

    Attributes:
        answers: that items allow, by position; None for one left empty.
        refused: why an answer would not be saved, by position.
    """

    answers: Mapping[int, Answer | None]
    refused: Mapping[int, MalformedAnswer]


def rehearsal_items(session: Session) -> OpenItems:
    """Return the practice items of the rehearsal by position, the same for all.

    Raises:
        NotYours: the bank has no practice items.
    """
    pool = {one.item_key: one for one in items.drawable(session, "practice")}
    known = [
        Candidate(key, one.type, has_case=one.stimulus_version_id is not None)
        for key, one in pool.items()
        if one.content.get("stage") is None
    ]
    chosen = [pool[key] for key in rehearsal.choose(known)]
    if not chosen:
        raise NotYours
    words = items.wordings_of(session, chosen)
    return {
        position: OpenItem(
            position, KIND, version.item_key, version.id, version.stimulus_version_id, words[version.id]
        )
        for position, version in enumerate(chosen, start=1)
    }


def rehearsal_sheet(
    session: Session,
    title: str,
    language: str,
    *,
    ends_at: datetime,
    now: datetime,
    typed: Typed | None = None,
) -> Sheet:
    """Return the rehearsal as the page of an attempt shows its paper.

    Args:
        session: to read with.
        title: of the paper and its one section, in `language`.
        language: kk, ru or en.
        ends_at: when its time is over.
        now: the present moment.
        typed: what a plain page sent a moment ago: shown as saved.
    """
    paper = rehearsal_items(session)
    # Other words in the bank are another paper.
    paper_id = uuid5(NAMESPACE_OID, " ".join(str(item.version_id) for item in paper.values()))
    titles = {language: title}
    page = printed(paper_id, paper, {"sections": [{"key": KIND, "title": titles}]}, language)
    answers = typed.answers if typed else {}
    given = {position: answer for position, answer in answers.items() if answer is not None}
    cells = [Cell(position, position in given, is_flagged=False) for position in paper]
    saved = Saved(f"{local(now):%H:%M:%S}", journal.receipt(REHEARSAL, len(given))) if given else None
    left = max(timedelta(0), ends_at - now)
    return Sheet(
        progress=Progress(REHEARSAL, KIND, titles, ends_at, int(left.total_seconds()), cells, saved),
        paper=paper_id,
        questions=[
            question_of(
                leaf,
                cell,
                page.cases.get(cell.position),
                (given.get(cell.position), 0),
                language,
                seed=SEED,
                is_read=False,
            )
            for leaf, cell in zip(page.leaves, cells, strict=True)
        ],
        lease=int(ends_at.timestamp()),
        lost=NOTHING_LOST,
        has_calculator=True,
    )


def typed_on(paper: OpenItems, given: Mapping[int, Form]) -> Typed:
    """Read what a plain page of the rehearsal holds."""
    answers: dict[int, Answer | None] = {}
    refused = {}
    for position, fields in given.items():
        try:
            answers[position] = _parse(paper, position, fields)
        except MalformedAnswer as refusal:
            refused[position] = refusal
    return Typed(answers, refused)


def rehearse(paper: OpenItems, batch: Sequence[Sent]) -> list[Reply]:
    """Return what would become of each answer that a script sent."""
    return [_reply(paper, sent) for sent in batch]


def _reply(paper: OpenItems, sent: Sent) -> Reply:
    which = sent.client, sent.sequence, sent.position, journal.digest(sent.fields)
    try:
        answer = _parse(paper, sent.position, sent.fields)
    except MalformedAnswer as refusal:
        return Reply(*which, Outcome.MALFORMED, refusal=refusal)
    return Reply(*which, Outcome.SAVED, is_empty=answer is None)


def _parse(paper: OpenItems, position: int, fields: Form) -> Answer | None:
    if position not in paper:
        raise MalformedAnswer
    item = paper[position]
    parsed: Any = item.parsed
    return BY_KEY[item.type].parse(parsed, fields)
