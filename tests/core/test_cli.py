import json

from flask import Flask


def test_dumps_the_policy_as_a_list_of_objects(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["policy", "dump", "--json"])

    entries = json.loads(result.output)
    assert result.exit_code == 0
    assert {
        "endpoint": "accounts.grant_role",
        "rule": "/<lang:language>/people/<uuid:person_id>/roles/grant",
        "method": "POST",
        "permission": "people:write",
        "event": "role-granted",
    } in entries
    assert {
        "endpoint": "core.root",
        "rule": "/",
        "method": "GET",
        "permission": None,
        "event": None,
    } in entries


def test_dumps_the_policy_for_people(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["policy", "dump"])

    assert result.exit_code == 0
    assert any("accounts.sign_in" in line and "anyone" in line for line in result.output.splitlines())
