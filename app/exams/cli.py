"""Commands of the bank as a whole: items, stimuli and the blueprints that papers are drawn by."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock, sources
from app.core.database import unit_of_work
from app.core.settings import Settings
from app.exams import blueprints, drawing, service
from app.exams.blueprints import Blueprint
from app.exams.drawing import Drawable
from app.items import bank
from app.items import service as items
from app.items.bank import Bank, Problem

commands = AppGroup("bank", help="The item bank: check and load question_bank/.")
FOLDER = "question_bank"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _sound() -> tuple[Bank, dict[str, Blueprint]]:
    """Return what the files say; name every problem of every file and leave when there is one."""
    folder = _settings().content / FOLDER
    acts, faults = sources.load(_settings().content / sources.FILE)
    problems = [Problem(sources.FILE.name, fault) for fault in faults]
    found, of_items = bank.load(folder, acts, today=clock.local(clock.now()).date())
    plans, of_plans = blueprints.load(folder)
    problems += of_items + of_plans
    problems += [
        Problem(f"{bank.BLUEPRINTS}/{plan.id}.yaml", text)
        for plan in plans.values()
        for text in drawing.problems(plan, _pool(found, plan))
    ]
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        click.echo(f"bank: {len(problems)} problems", err=True)
        sys.exit(1)
    return found, plans


def _pool(found: Bank, plan: Blueprint) -> list[Drawable]:
    return [
        Drawable(
            item.id,
            item.topic,
            item.type,
            item.competency,
            item.level,
            item.stimulus,
            frozenset(item.apart_from),
        )
        for item in found.items.values()
        if item.use == plan.kind
    ]


@commands.command()
def check() -> None:
    """Name every problem of every file of the bank."""
    found, plans = _sound()
    click.echo(
        f"bank: {len(found.items)} items, {len(found.stimuli)} stimuli, {len(plans)} blueprints "
        "in three languages, no problem"
    )


def load_bank() -> str:
    """Load the bank into the database and return what came of it."""
    found, plans = _sound()
    now = clock.now()
    with unit_of_work() as session:
        done = items.take_in(session, found, now)
        added = service.sync_blueprints(session, plans, now)
    return f"{done.new_versions} new versions, {done.retired} retired, {added} new blueprints"


@commands.command()
def sync() -> None:
    """Load the bank into the database; nothing happens where nothing changed."""
    click.echo(f"bank: {load_bank()}")
