"""The one table: each (route, method), what it asks of a caller, and the event it leaves.

A route without an entry stops the start. `flask --app wsgi policy dump` prints the table.
"""

from app.core.access import Policy, Rule
from app.core.permissions import Permission as May

CREDENTIALS = "30/minute"
EXAM = "240/minute"
SEARCH = "60/minute"

POLICY: Policy = {
    # core
    ("core.root", "GET"): Rule(None),
    ("core.health", "GET"): Rule(None, public=True),
    ("core.ready", "GET"): Rule(None, public=True),
    # accounts
    # audit
    # places
    # candidacy
    # items
    # training
    # exams
    # marking
    # results
    # certificates
    # publication
}
