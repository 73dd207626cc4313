"""Doing one thing in many threads at the same moment."""

from collections import Counter
from collections.abc import Callable, Sequence
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy.orm import Session

from app.core.database import db, unit_of_work
from app.core.errors import Refused

Act = Callable[[Session], object]
LONGEST_SECONDS = 60


def race(app: Flask, acts: Sequence[Act]) -> list[object]:
    """Do each act in a thread and a transaction of its own, all at once; return what each gave, in their order.

    A refusal is an outcome like any other, and stands as its class.
    """
    gate, outcomes = Barrier(len(acts)), list[object]([None] * len(acts))

    def run(place: int, act: Act) -> None:
        with app.app_context():
            gate.wait(LONGEST_SECONDS)
            try:
                with unit_of_work() as session:
                    outcome = act(session)
                outcomes[place] = outcome
            except Refused as refusal:
                outcomes[place] = type(refusal)
            except Exception as error:
                outcomes[place] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=numbered) for numbered in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_SECONDS)
    return outcomes


def counted(outcomes: Sequence[object]) -> Counter[object]:
    """Return how often each outcome came; errors of the database show themselves."""
    return Counter(outcome if not isinstance(outcome, Exception) else repr(outcome) for outcome in outcomes)
