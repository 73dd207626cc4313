from pathlib import Path

import pytest

from app.core.settings import DEVELOPMENT_SECRET, Environment, Settings, WrongSettings, from_env

SECRET = "s" * 32
PRODUCTION = {"APP_ENV": "production", "SECRET_KEY": SECRET, "BASE_URL": "https://school.example"}


def test_an_empty_environment_is_one_for_development() -> None:
    settings = from_env({})

    assert settings == Settings()
    assert settings.environment is Environment.DEVELOPMENT
    assert settings.database.startswith("sqlite:///")
    assert not settings.is_production
    assert not settings.is_secure


def test_production_starts_with_a_secret_and_https() -> None:
    settings = from_env(PRODUCTION)

    assert settings.is_production
    assert settings.is_secure


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": DEVELOPMENT_SECRET}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "s" * 31}, "32 characters"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEMO": "1"}, "DEMO"),
        ({"QA": "yes"}, "QA"),
        ({"BASE_URL": "http://school.example"}, "https"),
        ({"BASE_URL": ""}, "https"),
        ({"STAFF_SECOND_FACTOR": "0"}, "STAFF_SECOND_FACTOR"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS"),
    ],
)
def test_production_refuses_what_is_only_fit_for_trying_out(changes: dict[str, str], names: str) -> None:
    with pytest.raises(WrongSettings, match=names):
        from_env(PRODUCTION | changes)


def test_names_every_fault_at_once() -> None:
    with pytest.raises(WrongSettings) as refusal:
        from_env({"APP_ENV": "production", "DEMO": "1", "DEBUG": "1"})

    assert all(name in str(refusal.value) for name in ("SECRET_KEY", "DEMO", "DEBUG", "BASE_URL"))
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"APP_ENV": "staging"}, "APP_ENV"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"TRUSTED_PROXIES": "x"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"BASE_URL": "school.example"}, "BASE_URL"),
        ({"BASE_URL": "http://school.example/"}, "BASE_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://x"}, "DATABASE_URL"),
    ],
)
def test_refuses_what_cannot_be_read(environ: dict[str, str], names: str) -> None:
    with pytest.raises(WrongSettings, match=names):
        from_env(environ)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False), ("", False)],
)
def test_reads_yes_and_no(written: str, *, meant: bool) -> None:
    assert from_env({"DEBUG": written}).debug is meant


def test_reads_every_variable(tmp_path: Path) -> None:
    settings = from_env(
        {
            "PORT": "9000",
            "OLD_SECRET_KEYS": "a,,b",
            "DATABASE_URL": "postgresql+psycopg://x/y",
            "INSTANCE": str(tmp_path),
            "TRUSTED_PROXIES": "2",
            "COURSE_OPENS_EXAM": "0",
        }
    )

    assert settings.base_url == "http://127.0.0.1:9000"
    assert settings.old_secret_keys == ("a", "b")
    assert settings.database == "postgresql+psycopg://x/y"
    assert settings.instance == tmp_path
    assert settings.trusted_proxies == 2
    assert settings.suitability_opens_course
    assert not settings.course_opens_exam


def test_secrets_do_not_appear_when_settings_are_printed() -> None:
    settings = from_env(PRODUCTION | {"MAIL_URL": "smtp://u:hidden@host", "DATABASE_URL": "sqlite:///hidden"})

    assert SECRET not in repr(settings)
    assert "hidden" not in repr(settings)


def test_custodians_keep_papers_in_production_and_the_server_elsewhere() -> None:
    assert from_env(PRODUCTION).splits_paper_keys
    assert not from_env({}).splits_paper_keys
    assert from_env({"PAPER_CUSTODY": "shares"}).splits_paper_keys
    assert not from_env(PRODUCTION | {"PAPER_CUSTODY": "server"}).splits_paper_keys
    assert from_env({"PAPER_SHARES": "3/5"}).paper_shares == (3, 5)
    assert from_env({}).paper_shares == (2, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"PAPER_CUSTODY": "people"},
        {"PAPER_SHARES": "1/3"},
        {"PAPER_SHARES": "3/2"},
        {"PAPER_SHARES": "2/10"},
        {"PAPER_SHARES": "two"},
        {"PAPER_SHARES": "2"},
    ],
)
def test_custody_that_cannot_be_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(WrongSettings, match=next(iter(changes))):
        from_env(changes)
