from flask import Flask


def test_loading_prints_what_the_classifier_holds(app: Flask) -> None:
    outcome = app.test_cli_runner().invoke(args=["places", "load"])

    assert outcome.exit_code == 0, outcome.output
    assert "20 regions, 209 districts, 2379 units, 12986 settlements" in outcome.output
    assert "15594 added, 0 changed" in outcome.output
