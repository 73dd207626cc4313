"""A few places: a district with a rural unit and its village."""

import pytest
from flask import Flask

from app.core.database import unit_of_work
from tests.factories import make_places


@pytest.fixture(autouse=True)
def places(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        make_places(session)
