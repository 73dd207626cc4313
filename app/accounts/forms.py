"""Forms of accounts."""

from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.credentials import LONGEST_NAME
from app.core.errors import N_
from app.core.forms import Form
from app.core.languages import gettext, links
from app.core.languages import lazy_gettext as _
from app.core.permissions import ROLES

LONGEST_INPUT = 1000
"""More than any rule allows: what is longer is not even looked at."""
NO_EMAIL = N_("Write the e-mail address.")
NO_PASSWORD = N_("Write the password.")
NO_NAME = N_("Write the name.")
NO_CODE = N_("Write the code.")
NEW_PASSWORD = {"autocomplete": "new-password"}
OLD_PASSWORD = {"autocomplete": "current-password"}


def _email() -> EmailField:
    # The rule itself is in `credentials`: it alone knows what is an address.
    return EmailField(
        _("E-mail"),
        validators=[InputRequired(_(NO_EMAIL)), Length(max=LONGEST_INPUT)],
        render_kw={"autocomplete": "username"},
    )


def _password(label: str, kind: dict[str, str]) -> PasswordField:
    return PasswordField(
        _(label), validators=[InputRequired(_(NO_PASSWORD)), Length(max=LONGEST_INPUT)], render_kw=kind
    )


def _name() -> StringField:
    return StringField(
        _("Name"),
        validators=[InputRequired(_(NO_NAME)), Length(max=LONGEST_INPUT)],
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME},
    )


class SignUpForm(Form):
    """Who begins an account."""

    name = _name()
    email = _email()
    password = _password(N_("Password"), NEW_PASSWORD)


class SignInForm(Form):
    """Address and password."""

    email = _email()
    password = _password(N_("Password"), OLD_PASSWORD)


class EmailForm(Form):
    """The address that asks for a new password."""

    email = _email()


class PasswordForm(Form):
    """The password of whoever is known already."""

    password = _password(N_("Password"), OLD_PASSWORD)


class NewPasswordForm(Form):
    """A new password."""

    password = _password(N_("New password"), NEW_PASSWORD)


class ChangePasswordForm(Form):
    """The old password and a new one."""

    old = _password(N_("Present password"), OLD_PASSWORD)
    new = _password(N_("New password"), NEW_PASSWORD)


class CodeForm(Form):
    """A code of the authenticator, or a recovery code."""

    code = StringField(
        _("One-time code"),
        validators=[InputRequired(_(NO_CODE)), Length(max=LONGEST_INPUT)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class ProfileForm(Form):
    """Name and language."""

    name = _name()
    language = SelectField(
        _("Language of letters"), choices=lambda: [(link.code, link.name) for link in links()]
    )


class RoleForm(Form):
    """One role."""

    role = SelectField(_("Role"), choices=lambda: [(role.key, gettext(role.label)) for role in ROLES])


class PeopleFilter(Form):
    """Which accounts to show; sent with the address."""

    class Meta:
        """No act follows, so no token is needed."""

        csrf = False

    search = StringField(_("Name or e-mail"))
    role = SelectField(
        _("Role"),
        choices=lambda: [("", gettext("All")), *((role.key, gettext(role.label)) for role in ROLES)],
    )
