"""Commands of the whole house, and what the rooms give to the jobs."""

from collections.abc import Callable, Mapping

from flask import Flask

from app import running
from app.accounts import cli as accounts_cli
from app.accounts import service as accounts
from app.audit import cli as audit_cli
from app.certificates import service as certificates
from app.core import cli as core_cli
from app.core import loads, texts
from app.core.jobs import Handler, Periodic
from app.core.settings import Settings
from app.demo import cli as demo_cli
from app.exams import cli as exams_cli
from app.exams import service as exams
from app.exams.service.kinds import Recount
from app.marking import service as marking
from app.places import cli as places_cli
from app.publication import cli as publication_cli
from app.publication import service as publication
from app.results import service as results
from app.training import cli as training_cli

HANDLERS: dict[str, Handler] = {
    "attempt-finished": marking.take_in,
    "attempt-marked": results.compute,
    "result-released": certificates.issue,
    publication.PAGES_CHANGED: publication.pages_changed,
}
"""By kind of outbox row."""
RECOUNTS: tuple[Recount, ...] = (marking.reopen, results.take_back)
"""Who is asked, in the transaction itself, when other answers of an attempt are to count."""
PERIODIC: Mapping[str, Periodic] = {
    "forget-old-tries": accounts.forget_old_tries,
    "forget-old-sessions": accounts.forget_old_sessions,
    "close-overdue-attempts": exams.close_overdue,
    "tend-custodies": exams.tend_custodies,
    "assign-scripts": marking.assign_waiting,
    "end-consents": publication.end_by_themselves,
    "build-pages": publication.build_if_new,
}
"""Tidying acts of every minute; each is safe to run twice."""


def _steps(settings: Settings) -> list[tuple[str, Callable[[], object]]]:
    """Return what `prepare` does after the database's own steps, in order."""
    steps: list[tuple[str, Callable[[], object]]] = [
        ("places", places_cli.load_classifier),
        ("course", loads.when_changed("course", settings.content, training_cli.load_course)),
        ("bank", loads.when_changed("bank", settings.content, exams_cli.load_bank)),
    ]
    if settings.demo:
        steps.append(("demonstration", demo_cli.load_demonstration))
    return [*steps, ("voters' pages", publication_cli.build_pages)]


def init_app(app: Flask) -> None:
    """Register the rooms' commands."""
    app.extensions["welcome"] = demo_cli.welcome
    app.extensions["recounts"] = RECOUNTS
    for command in (
        running.prepare_with(_steps),
        running.serve,
        accounts_cli.commands,
        audit_cli.commands,
        core_cli.policy,
        core_cli.keys,
        demo_cli.commands,
        demo_cli.qa,
        exams_cli.commands,
        exams_cli.journal_commands,
        places_cli.commands,
        publication_cli.commands,
        texts.commands,
        training_cli.commands,
    ):
        app.cli.add_command(command)
