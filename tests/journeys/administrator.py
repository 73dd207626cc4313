"""The administrator: the first one is made by a command, all others get their roles from them."""

from tests.journeys.accounts import PASSWORD, Person, set_up_second_factor, sign_in
from tests.journeys.server import Installation


def appoint_the_first(school: Installation, administrator: Person) -> None:
    known = ("--email", administrator.email, "--name", administrator.name, "--password-stdin")
    school.flask("accounts", "create-admin", *known, typed=f"{PASSWORD}\n")
    sign_in(administrator)
    set_up_second_factor(administrator)


def give_role(administrator: Person, person: Person, role: str) -> None:
    """Find the person, take their role of a candidate away, give the new one."""
    screen = administrator.screen
    screen.press('.sections a[href$="/people"]')
    screen.fill(search=person.email)
    screen.press("form.filters button")
    screen.follow("/people/")
    assert person.name in screen.find("h1").inner_text()
    screen.send("/roles/take")
    screen.find("select[name=role]").select_option(role)
    screen.send("/roles/grant")
