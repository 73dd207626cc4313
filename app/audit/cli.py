"""Commands of audit."""

import click
from flask.cli import AppGroup

from app.audit import service
from app.core.database import unit_of_work

commands = AppGroup("audit", help="The chained record of every act that matters.")


@commands.command("verify")
def verify() -> None:
    """Check the whole chain; end with 1 and a sentence where it is broken."""
    with unit_of_work(writes=False) as session:
        fault = service.first_fault(session)
        head = service.newest_link(session) if fault is None else None
    if head is None:
        message = f"The record is broken: {fault}."
        raise click.ClickException(message)
    click.echo(f"The record is whole: {head.sequence} events, the newest hash is {head.hash}.")
