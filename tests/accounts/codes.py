"""An authenticator for tests, and ways to read letters."""

import re
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import clock

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(moment: datetime, secret: str = SECRET) -> str:
    """Return what the authenticator shows at `moment`."""
    return str(pyotp.TOTP(secret).at(int(moment.timestamp())))


def give_authenticator(session: Session, person_id: int) -> None:
    """Set up the second factor of a person."""
    person = session.get_one(Person, person_id)
    person.totp_secret, person.totp_confirmed_at = SECRET, clock.now()


def path_in(letter: str) -> str:
    """Return the path of the only link in a letter."""
    (link,) = re.findall(r"http://school\.test(/\S+)", letter)
    return str(link)
