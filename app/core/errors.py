"""The one family of errors a rule may raise: a refusal with its words and its status."""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for the catalogues and return it unchanged; whoever shows it translates it."""
    return message


class Refused(Exception):  # noqa: N818 - named after the reason, as all its children are
    """A rule says no. Nothing of the request is kept.

    Attributes:
        message: an English sentence, the key of the catalogues; may hold %(name)s places.
        status: the HTTP status of the answer.
        values: what fills the places of the message.
    """

    message = N_("This cannot be done.")
    status = 409

    def __init__(self, **values: object) -> None:
        super().__init__(self.message)
        self.values: Mapping[str, object] = values


class NotYours(Refused):
    """There is no such thing, or it belongs to someone else: both look the same."""

    message = N_("There is nothing at this address.")
    status = 404


class Invalid(Refused):
    """The input cannot be understood."""

    message = N_("This input cannot be understood.")
    status = 422
