"""Every state of an attempt × everything that can happen to it: one table says what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours, Refused
from app.core.permissions import Actor
from app.exams import service
from app.exams.incoming import Batch, FormAnswer, Sent
from app.exams.journal import KEPT_LATE_FOR
from app.exams.models import Attempt, Sitting
from app.exams.service import late_answers
from app.exams.service.kinds import Target
from app.exams.timing import GRACE
from tests.exams import test_learning
from tests.exams.builders import OPEN_TO_ALL, actor, make_paper, make_sitting
from tests.exams.deciding import approve, propose
from tests.exams.test_attempt_views import house

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PAGE, DEVICE = str(UUID(int=1)), str(UUID(int=2))
LEARN, PLACE = 1, 3
"""Positions: an item to learn from, whose reason may be shown; the item that is answered anew."""

# What came of it, the state after it, and the answer that counts then: `a` was saved early, `b` is sent now.
# running: under way. grace: the deadline is over, its grace is not. over: the grace is over too, nothing has ended it.
# silent: over, and its page was without a line. finished, closed: ended by its candidate, by the clock, a minute ago.
# late, gone: ended by its candidate, a little less than a day ago, more than a day ago.
TABLE = """
           none      running          grace            over            silent          finished            closed           late                gone
start      begun:open:-  same:open:a  same:open:a      same:open:a     same:open:a     same:candidate:a    same:deadline:a  same:candidate:a    same:candidate:a
save       NotYours  saved:open:b     saved:open:b     late:deadline:a late:deadline:a late:candidate:a    late:deadline:a  late:candidate:a    TooLate:candidate:a
form       NotYours  done:open:b      done:open:b      Over:deadline:a Over:deadline:a Over:candidate:a    Over:deadline:a  Over:candidate:a    TooLate:candidate:a
outage     NotYours  saved:open:b     saved:open:b     late:deadline:a saved:open:b    late:candidate:a    late:deadline:a  late:candidate:a    TooLate:candidate:a
take       NotYours  1:open:a         1:open:a         1:deadline:a    1:deadline:a    0:candidate:a       0:deadline:a     0:candidate:a       TooLate:candidate:a
flag       NotYours  done:open:a      Over:open:a      Over:open:a     Over:open:a     Over:candidate:a    Over:deadline:a  Over:candidate:a    Over:candidate:a
reason     NotYours  done:open:a      Over:open:a      Over:open:a     Over:open:a     Over:candidate:a    Over:deadline:a  Over:candidate:a    Over:candidate:a
finish     NotYours  True:candidate:a True:candidate:a False:deadline:a False:deadline:a False:candidate:a False:deadline:a False:candidate:a   False:candidate:a
extend     NotYours  done:open:a      done:open:a      done:open:a     done:open:a     HasEnded:candidate:a HasEnded:deadline:a HasEnded:candidate:a HasEnded:candidate:a
accept     NotYours  StillRuns:open:b StillRuns:open:b done:deadline:b done:deadline:b done:candidate:b    done:deadline:b  done:candidate:b    TooLate:candidate:a
close      0:none:-  0:open:a         0:open:a         1:deadline:a    0:open:a        0:candidate:a       0:deadline:a     0:candidate:a       0:candidate:a
"""


@dataclass
class Scene:
    """One attempt (or none yet) at one moment."""

    session: Session
    who: Actor
    sitting: Sitting
    now: datetime
    attempt: Attempt | None = None

    @property
    def own(self) -> Attempt:
        """The attempt, found and locked as a view does."""
        public_id = self.attempt.public_id if self.attempt else UUID(int=0)
        return service.own_attempt(self.session, self.who, public_id, lock=True)

    @property
    def running(self) -> Attempt:
        return service.running_attempt(self.session, self.who, self.own.public_id, now=self.now, lock=True)

    def send(self, answer: str, sequence: int, *, place: int = PLACE, **batch: object) -> service.Received:
        sent = Sent(client=PAGE, sequence=sequence, position=place, fields={"answer": [answer]})
        whole = Batch.model_validate({"client": PAGE, "device": DEVICE, "events": [sent], **batch})
        return service.receive(self.session, self.own, whole, now=self.now)

    def after(self) -> str:
        """Return the state, and the answer that counts."""
        attempt = self.session.scalars(select(Attempt)).one_or_none()
        if attempt is None:
            return "none:-"
        answer = service.answers_of(self.session, attempt.id).get(PLACE, "-")
        return f"{attempt.finished_by or attempt.state}:{answer}"


# -- states ----------------------------------------------------------------------------------------


def running(scene: Scene) -> None:
    """Begin, and answer early."""
    scene.attempt = service.start(
        scene.session, scene.who, scene.sitting.public_id, OPEN_TO_ALL, now=scene.now
    )
    scene.send("a", 1)
    scene.send("a", 2, place=LEARN)


def _at(scene: Scene, beyond: timedelta, *, heard: bool = True) -> None:
    running(scene)
    assert scene.attempt is not None
    scene.now = scene.attempt.deadline + beyond
    if heard:
        scene.attempt.last_seen_at = scene.attempt.deadline - SECOND
        scene.session.flush()


def grace(scene: Scene) -> None:
    _at(scene, GRACE)


def over(scene: Scene) -> None:
    _at(scene, GRACE + SECOND)


def silent(scene: Scene) -> None:
    _at(scene, GRACE + SECOND, heard=False)


def _finished(scene: Scene, ago: timedelta) -> None:
    running(scene)
    assert service.finish(scene.session, scene.own, now=scene.now)
    scene.now += ago


def finished(scene: Scene) -> None:
    _finished(scene, MINUTE)


def closed(scene: Scene) -> None:
    over(scene)
    assert service.close_overdue(scene.session, scene.now) == 1
    scene.now += MINUTE


def late(scene: Scene) -> None:
    _finished(scene, KEPT_LATE_FOR)


def gone(scene: Scene) -> None:
    _finished(scene, KEPT_LATE_FOR + SECOND)


STATES: Mapping[str, Callable[[Scene], None]] = {
    "none": lambda _: None,
    **{one.__name__: one for one in (running, grace, over, silent, finished, closed, late, gone)},
}


# -- what can happen -------------------------------------------------------------------------------


def start(scene: Scene) -> str:
    begun = service.start(scene.session, scene.who, scene.sitting.public_id, OPEN_TO_ALL, now=scene.now)
    return "begun" if scene.attempt is None else "same" if begun is scene.attempt else "another"


def save(scene: Scene) -> str:
    return scene.send("b", 3).replies[0].outcome


def form(scene: Scene) -> str:
    given = {PLACE: FormAnswer({"answer": ["b"]}, shown=1)}
    service.save_forms(scene.session, scene.own, given, now=scene.now)
    return "done"


def outage(scene: Scene) -> str:
    return scene.send("b", 3, outage=3600).replies[0].outcome


def take(scene: Scene) -> str:
    batch = Batch(client=PAGE, device=DEVICE, take=True)
    return f"{service.receive(scene.session, scene.own, batch, now=scene.now).lease}"


def flag(scene: Scene) -> str:
    service.set_flag(scene.session, scene.running, PLACE, is_on=True)
    return "done"


def reason(scene: Scene) -> str:
    service.show_reason(scene.session, scene.running, LEARN, now=scene.now)
    return "done"


def finish(scene: Scene) -> str:
    return f"{service.finish(scene.session, scene.own, now=scene.now)}"


def extend(scene: Scene) -> str:
    before = scene.own.deadline
    decision = propose(
        scene.session, "extra-time", Target(attempt=scene.own), {"seconds": 600}, now=scene.now
    )
    approve(scene.session, decision, now=scene.now)
    assert scene.own.deadline - before == 10 * MINUTE
    return "done"


def accept(scene: Scene) -> str:
    """Send an answer, and let two people decide that it counts if it came late."""
    scene.send("b", 3)
    late_ones = [event.number for event in late_answers.waiting(scene.session, scene.own)]
    target = Target(attempt=scene.own)
    content = {"events": late_ones or [1]}
    decision = propose(scene.session, "late-answers", target, content, now=scene.now)
    approve(scene.session, decision, now=scene.now)
    return "done"


def close(scene: Scene) -> str:
    return f"{service.close_overdue(scene.session, scene.now)}"


EVENTS = (start, save, form, outage, take, flag, reason, finish, extend, accept, close)


# -- the table -------------------------------------------------------------------------------------


def cells() -> list[tuple[str, str, str]]:
    """Return (event, state, what is expected)."""
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(event, state, wanted) for event, *row in rows for state, wanted in zip(head, row, strict=True)]


def test_the_table_names_every_state_and_every_event() -> None:
    assert {state for _, state, _ in cells()} == set(STATES)
    assert {event for event, _, _ in cells()} == {event.__name__ for event in EVENTS}


@pytest.mark.parametrize(("event", "state", "wanted"), cells())
def test_what_comes_of_an_event(
    app: Flask, monkeypatch: pytest.MonkeyPatch, event: str, state: str, wanted: str
) -> None:
    monkeypatch.setattr("tests.exams.builders.make_bank", test_learning.make_set)
    act = next(one for one in EVENTS if one.__name__ == event)
    with house(app) as session:
        sitting = make_sitting(session, make_paper(session))
        scene = Scene(session, actor(session, "candidate"), sitting, clock.now())
        STATES[state](scene)
        try:
            came = act(scene)
        except Refused as refusal:
            came = type(refusal).__name__
        after = scene.after()

        if wanted == NotYours.__name__:
            wanted = f"{wanted}:none:-"
        assert f"{came}:{after}" == wanted
        whole = session.scalars(select(Attempt)).one_or_none()
        assert whole is None or service.journal_fault(session, whole) is None
