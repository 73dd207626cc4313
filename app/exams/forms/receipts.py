"""Forms that check a receipt; sent with the address."""

from wtforms import (
    StringField,
    TextAreaField,
)

from app.core.errors import Refused
from app.core.forms import Form
from app.core.languages import lazy_gettext as _
from app.exams.forms.fields import stripped
from app.exams.signed_receipt import NoNumber, NoSum


class ReceiptTextForm(Form):
    """A whole signed receipt; sent with the address."""

    class Meta:
        """No act follows, so no token is needed."""

        csrf = False

    text = TextAreaField(_("Text of the receipt"), filters=[stripped])


class ReceiptForm(ReceiptTextForm):
    """A receipt to look up in one's own attempt: its number and check sum, or its whole text."""

    number = StringField(_("Number of the receipt"), filters=[stripped])
    check_sum = StringField(_("Check sum"), filters=[stripped])

    @property
    def is_filled(self) -> bool:
        return bool(self.text.data or self.number.data or self.check_sum.data)

    def at_fault(self, refusal: Refused) -> str:
        """Return the name of the field that a refusal speaks of."""
        if isinstance(refusal, NoNumber):
            return "number"
        return "check_sum" if isinstance(refusal, NoSum) else "text"
