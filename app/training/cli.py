"""Commands of the course: check its files, load them."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock, glossary, sources
from app.core.database import unit_of_work
from app.core.settings import Settings
from app.training import reader, service
from app.training.files import CourseModule

commands = AppGroup("course", help="The course: check and load course_content/.")
FOLDER = "course_content"


def _load() -> list[CourseModule]:
    settings: Settings = current_app.extensions["settings"]
    folder: Path = settings.content / FOLDER
    acts, problems = sources.load(settings.content / sources.FILE)
    today = clock.local(clock.now()).date()
    words, found = glossary.load(settings.content / glossary.FILE, acts, today=today)
    problems += [f"{glossary.FILE.name}: {fault}" for fault in found]
    modules, found = reader.load(folder, reader.Around(acts, words, today))
    problems += found
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.echo(f"course: {len(problems)} problems", err=True)
        sys.exit(1)
    return modules


@commands.command()
def check() -> None:
    """Name every problem of every file of the course, and facts that were read long ago."""
    modules = _load()
    cited = (
        (one.entry.key, source)
        for module in modules
        for one in module.lessons
        for source in one.entry.sources
    )
    for fact in sources.old(cited, today=clock.local(clock.now()).date()):
        click.echo(f"old: {fact}")
    lessons = sum(len(module.lessons) for module in modules)
    click.echo(f"course: {len(modules)} modules, {lessons} lessons in three languages, no problem")


def load_course() -> str:
    """Load the course into the database and return what came of it."""
    modules = _load()
    with unit_of_work() as session:
        return f"{service.sync(session, modules, now=clock.now())} lessons new or changed"


@commands.command()
def sync() -> None:
    """Load the course into the database; nothing happens where nothing changed."""
    click.echo(f"course: {load_course()}")
