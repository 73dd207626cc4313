"""Anybody with an account: signing up, the letter, signing in, the second factor, the password again."""

import re
from dataclasses import dataclass

import pyotp

from tests.journeys.screen import Screen
from tests.journeys.server import Installation, wait_for

PASSWORD = "көкжиек тұлпар сағат жусан"
_LINK = re.compile(r"https?://\S+")


@dataclass
class Person:
    """Who sits at a screen."""

    name: str
    email: str
    screen: Screen


def letter_of(school: Installation, to: str, *, number: int) -> str:
    """Return the text of the letter of this number (from 1) to an address, once it has come."""
    wait_for(f"letter {number} to {to}", lambda: len(school.letters(to)) >= number)
    return str(school.letters(to)[number - 1].get_content())


def sign_up(person: Person) -> None:
    screen = person.screen
    screen.go(screen.at("/"))
    screen.follow("/sign-up")
    screen.fill(name=person.name, email=person.email, password=PASSWORD)
    screen.send("/sign-up")
    assert screen.where.endswith("/sign-up/sent")


def confirm_by_letter(school: Installation, person: Person) -> None:
    """Open the link of the letter in the same browser: one press, and the person is in."""
    link = _LINK.search(letter_of(school, person.email, number=1))
    assert link is not None
    person.screen.go(link[0])
    person.screen.send("/confirm/")
    assert person.screen.where.endswith("/my-path")


def sign_in(person: Person, password: str = PASSWORD) -> None:
    screen = person.screen
    screen.go(screen.at("/sign-in"))
    screen.fill(email=person.email, password=password)
    screen.send("/sign-in")


def set_up_second_factor(person: Person) -> None:
    """Type the key into an authenticator, give its code, keep the recovery codes."""
    screen = person.screen
    assert "/second-factor/set-up" in screen.where
    key = screen.find("main code").first.inner_text()
    screen.fill(code=pyotp.TOTP(re.sub(r"\s", "", key)).now())
    screen.send("/second-factor/set-up")
    assert screen.find("main li code").count() >= 8
    screen.press("main a.button")


def give_password_if_asked(screen: Screen) -> None:
    """Give the password again where an act that matters asks for it, and come back to the page."""
    if not screen.where.endswith("/reauthenticate"):
        if not screen.has('main a[href*="/reauthenticate"]'):
            return
        screen.follow("/reauthenticate")
    screen.fill(password=PASSWORD)
    screen.send("/reauthenticate")
