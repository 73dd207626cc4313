"""Commands of the bank as a whole (items, stimuli, blueprints), and of the journal of answers."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.core import clock, glossary, sources
from app.core.database import unit_of_work
from app.core.keys import Keys
from app.core.settings import Settings
from app.exams import blueprints, drawing, service
from app.exams.blueprints import Blueprint
from app.exams.coverage import Asked, Coverage, Taught, coverage
from app.exams.drawing import Drawable
from app.exams.models import Attempt
from app.items import bank, functions, quality
from app.items import service as items
from app.items.bank import Bank, Problem
from app.items.files import content
from app.training import reader as course
from app.training.cli import FOLDER as COURSE
from app.training.files import CourseModule

commands = AppGroup("bank", help="The item bank: check and load question_bank/.")
FOLDER = "question_bank"
DESCRIBED = {"use", "topic", "type", "competency", "level", "difficulty", "functions"}
"""What the matrix of coverage counts by."""


@dataclass(frozen=True)
class _Files:
    """Everything that the files say, and all their problems."""

    bank: Bank
    plans: Mapping[str, Blueprint]
    coverage: Coverage
    problems: list[Problem]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _read() -> _Files:
    root = _settings().content
    today = clock.local(clock.now()).date()
    acts, faults = sources.load(root / sources.FILE)
    problems = [Problem(sources.FILE.name, fault) for fault in faults]
    words, _ = glossary.load(root / glossary.FILE, acts, today=today)
    known, faults = functions.load(root / functions.FILE, acts, today=today)
    problems += [Problem(functions.FILE.name, fault) for fault in faults]
    found, of_items = bank.load(root / FOLDER, acts, today=today, glossary=words)
    plans, of_plans = blueprints.load(root / FOLDER)
    problems += of_items + of_plans
    problems += [Problem(where, text) for where, text in quality.bank_problems(found.items, found.stimuli)]
    problems += [
        Problem(f"{bank.BLUEPRINTS}/{plan.id}.yaml", text)
        for plan in plans.values()
        for text in drawing.problems(plan, _pool(found, plan))
    ]
    # The faults of the course are named by its own check; here it is what the bank is laid beside.
    modules, _ = course.load(root / COURSE, course.Around(acts, words, today))
    covered = _coverage(modules, found, known)
    problems += [Problem("coverage", text) for text in covered.problems()]
    return _Files(found, plans, covered, problems)


def _coverage(
    modules: Iterable[CourseModule], found: Bank, known: Mapping[int, functions.Function]
) -> Coverage:
    lessons = [
        Taught(lesson.entry.key, module.file.key, lesson.entry.competencies, lesson.entry.functions)
        for module in modules
        for lesson in module.lessons
    ]
    asked = [Asked(item.id, **item.model_dump(include=DESCRIBED)) for item in found.items.values()]
    return coverage(lessons, asked, {number: one.open is not None for number, one in known.items()})


def _sound() -> _Files:
    """Return what the files say; name every problem of every file and leave when there is one."""
    files = _read()
    for problem in files.problems:
        click.echo(str(problem), err=True)
    if files.problems:
        click.echo(f"bank: {len(files.problems)} problems", err=True)
        sys.exit(1)
    return files


def _pool(found: Bank, plan: Blueprint) -> list[Drawable]:
    return [Drawable.of(content(item)) for item in found.items.values() if item.use == plan.kind]


@commands.command()
def check() -> None:
    """Name every problem of every file of the bank, and facts that were read long ago."""
    files = _sound()
    cited = ((item.id, source) for item in files.bank.items.values() for source in item.sources)
    for fact in sources.old(cited, today=clock.local(clock.now()).date()):
        click.echo(f"old: {fact}")
    click.echo(
        f"bank: {len(files.bank.items)} items, {len(files.bank.stimuli)} stimuli, {len(files.plans)} blueprints "
        "in three languages, no problem"
    )


@commands.command("coverage")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def show_coverage(*, as_json: bool) -> None:
    """Lay the course and the bank beside the functions of the law: what is taught, what is asked."""
    covered = _read().coverage
    if as_json:
        click.echo(json.dumps(covered.as_json(), ensure_ascii=False, indent=2))
        return
    said = covered.as_json()
    click.echo(f"{said['modules']} modules, {said['lessons']} lessons, {said['items']} items\n")
    click.echo("function  lessons  items")
    for line in covered.functions:
        mark = "open" if line.is_open else "" if line.is_covered else "MISSING"
        click.echo(f"{line.number:8}  {len(line.lessons):7}  {len(line.items):5}  {mark}")
    for name in ("topics", "competencies"):
        click.echo(f"\n{name:24}  recall  apply  judge")
        for key, levels in said[name].items():
            click.echo(
                f"{key:24}  {levels.get('recall', 0):6}  {levels.get('apply', 0):5}  {levels.get('judge', 0):5}"
            )


@commands.command("parallel")
@click.argument("blueprint")
@click.option("--forms", default=drawing.FORMS, show_default=True, help="How many parallel papers.")
@click.option("--seed", default="parallel", show_default=True)
def show_parallel(blueprint: str, forms: int, seed: str) -> None:
    """Draw parallel papers from the files and say how much they share; nothing is kept."""
    files = _sound()
    if blueprint not in files.plans:
        message = f"there is no blueprint {blueprint}"
        raise click.BadParameter(message)
    plan = files.plans[blueprint]
    drawn = drawing.parallel(plan, _pool(files.bank, plan), seed=seed, forms=forms)
    for number, form in enumerate(drawn, start=1):
        click.echo(f"form {number}: {len(form)} items: {' '.join(one.key for one in form)}")
    for (one, first), (other, second) in combinations(enumerate(drawn, start=1), 2):
        click.echo(f"forms {one} and {other} share {drawing.overlap(first, second):.1%}")


def load_bank() -> str:
    """Load the bank into the database and return what came of it."""
    files = _sound()
    now = clock.now()
    with unit_of_work() as session:
        done = items.take_in(session, files.bank, now)
        added = service.sync_blueprints(session, files.plans, now)
    return f"{done.new_versions} new versions, {done.retired} retired, {added} new blueprints"


@commands.command()
def sync() -> None:
    """Load the bank into the database; nothing happens where nothing changed."""
    click.echo(f"bank: {load_bank()}")


@commands.command()
def encrypt() -> None:
    """Encrypt the words of versions that an older release kept plain; a sync does it too."""
    with unit_of_work() as session:
        done = items.encrypt(session)
    click.echo(f"bank: {done} versions encrypted")


journal_commands = AppGroup("journal", help="The journal of answers.")


@journal_commands.command()
def verify() -> None:
    """Check every attempt's chain and present answers; end with 1 and a line for each that is wrong."""
    with unit_of_work(writes=False) as session:
        checked = session.scalar(select(func.count()).select_from(Attempt))
        found = [f"attempt {fault.attempt.public_id}: {fault.text}" for fault in service.faults(session)]
    for line in found:
        click.echo(line)
    if found:
        message = f"{len(found)} of {checked} attempts are not what was saved"
        raise click.ClickException(message)
    click.echo(f"The journal is whole: {checked} attempts, every chain and every present answer.")


@journal_commands.command("export")
@click.option("--attempt", type=click.UUID, required=True, help="The attempt's public id.")
def export_journal(attempt: UUID) -> None:
    """Print the journal of one attempt, one JSON object a line, then its signed receipt."""
    keys: Keys = current_app.extensions["keys"]
    with unit_of_work(writes=False) as session:
        found = session.scalars(select(Attempt).where(Attempt.public_id == attempt)).one_or_none()
        if found is None:
            message = f"there is no attempt {attempt}"
            raise click.BadParameter(message)
        for record in service.exported(session, found):
            click.echo(json.dumps(record, ensure_ascii=False, sort_keys=True))
        receipt = service.newest_receipt(session, found, keys.receipts())
        click.echo(json.dumps({"receipt": receipt and receipt.as_json()}, ensure_ascii=False))


@journal_commands.command("rebuild")
@click.option("--attempt", type=click.UUID, required=True, help="The attempt's public id.")
def rebuild_answers(attempt: UUID) -> None:
    """Read the present answers of one attempt off its journal anew; the journal itself is never touched."""
    with unit_of_work() as session:
        query = select(Attempt).where(Attempt.public_id == attempt).with_for_update()
        found = session.scalars(query).one_or_none()
        if found is None:
            message = f"there is no attempt {attempt}"
            raise click.BadParameter(message)
        if fault := service.journal_fault(session, found):
            message = f"event {fault} of its journal is wrong: nothing is read off it"
            raise click.ClickException(message)
        service.rebuild(session, found)
    click.echo("The present answers are those of the journal.")
