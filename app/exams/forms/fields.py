"""Fields that several forms of exams have."""

from wtforms import (
    SelectMultipleField,
)
from wtforms.widgets import CheckboxInput, ListWidget


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class ManyField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Tick boxes under one name."""

    takes_many = True
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
