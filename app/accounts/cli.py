"""Commands of accounts: what nobody may do from a browser."""

import sys

import click
from flask.cli import AppGroup

from app.accounts import service
from app.audit import service as audit
from app.core import clock
from app.core.database import unit_of_work
from app.core.errors import Refused
from app.core.languages import LANGUAGES
from app.core.permissions import VISITOR

commands = AppGroup("accounts", help="Accounts: the first administrator, lost second factors.")

ADVICE = """\
The administrator {email} is ready.
At the first sign-in the site asks for a second factor: have a phone at hand with an authenticator that knows
time-based codes (TOTP), let it read the square on the page, and keep the recovery codes apart from the phone.
Then create a second administrator from the page of people: one alone can be lost."""


@commands.command("create-admin")
@click.option("--email", prompt="E-mail", help="Address to sign in with.")
@click.option("--name", prompt="Name", help="Full name.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)
def create_admin(email: str, name: str, language: str, *, password_stdin: bool) -> None:
    """Create an administrator; the only way to the first one."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask()
    try:
        with unit_of_work() as session:
            person = service.create_person(
                session,
                email=email,
                name=name,
                language=language,
                password=password,
                now=clock.now(),
                roles=["administrator"],
                confirmed=True,
            )
            about = {"person_id": str(person.public_id)}
            audit.record(session, tag="administrator-created", actor=VISITOR, about=about, now=clock.now())
            address = person.email
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(ADVICE.format(email=address))


def _ask() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@commands.command("remove-factor")
@click.option("--email", prompt="E-mail", help="Address of the account.")
def remove_factor(email: str) -> None:
    """Remove the second factor of somebody who lost phone and recovery codes; check who asks first."""
    try:
        with unit_of_work() as session:
            person = service.drop_factor(session, email=email, now=clock.now())
            about = {"person_id": str(person.public_id)}
            audit.record(session, tag="factor-removed", actor=VISITOR, about=about, now=clock.now())
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo("The second factor is removed and all sessions have ended. The person is told by letter.")
