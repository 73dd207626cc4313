"""The settings: read once from the environment, checked once, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHORTEST_SECRET = 32
FEWEST_CUSTODIANS, MOST_CUSTODIANS = 2, 9
REDIS_SECONDS = 0.2
"""A request waits for Redis so long and no longer: it counts and wakes, and nobody's answer lies there."""
DEVELOPMENT_SECRET = "a-secret-for-development-only-never-in-production"  # noqa: S105 - refused in production


class Environment(StrEnum):
    """Where the application runs."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    PRODUCTION = "production"


class WrongSettings(ValueError):  # noqa: N818 - named after the reason, as all are
    """The settings contradict themselves or are not safe; the text names each field."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations.

    Attributes:
        environment: production refuses what is only fit for trying out.
        secret_key: signs cookies and tokens; 32 characters or more in production.
        old_secret_keys: still accepted while a key is being replaced.
        database_url: SQLAlchemy address; SQLite in the instance folder when empty.
        redis_url: rate limits and jobs go through Redis when set.
        base_url: how the site is reached from outside; absolute links use nothing else.
        instance: folder for the database, mail, compiled catalogues and the voters' pages.
        keys_folder: folder with the school's own keys; `keys` in the instance folder when empty.
        paper_custody: `shares`: custodians bring the key of a sealed paper together; `server`: it lies closed
            in the database. Empty: shares in production, server elsewhere.
        paper_shares: how many custodians open a paper, and of how many.
        content: folder that holds `course_content` and `question_bank`.
        mail_url: smtp://user:password@host:587 or smtps://...; files in the instance folder when empty.
        mail_from: sender of the letters.
        trusted_proxies: how many proxies in front set the forwarding headers.
        demo: load and show the demonstration data.
        qa: allow `qa seed`.
        suitability_opens_course: only a released, suitable result opens the course.
        course_opens_exam: only a finished course opens the exam.
        staff_second_factor: staff reach nothing before their second factor.
        rate_limits: count requests against the budgets of the policy.
    """

    environment: Environment = Environment.DEVELOPMENT
    secret_key: str = field(default=DEVELOPMENT_SECRET, repr=False)
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    instance: Path = ROOT / "instance"
    keys_folder: Path | None = None
    paper_custody: str = ""
    paper_shares: tuple[int, int] = (2, 3)
    content: Path = ROOT
    mail_url: str = field(default="", repr=False)
    mail_from: str = "Akim School <school@akim-school.example>"
    trusted_proxies: int = 0
    debug: bool = False
    demo: bool = False
    qa: bool = False
    suitability_opens_course: bool = True
    course_opens_exam: bool = True
    staff_second_factor: bool = True
    rate_limits: bool = True

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def database(self) -> str:
        """Return the address of the database, the default included."""
        return self.database_url or f"sqlite:///{self.instance / 'akim-school.sqlite'}"

    @property
    def keys(self) -> Path:
        """Return the folder of the keys, the default included."""
        return self.keys_folder or self.instance / "keys"

    @property
    def splits_paper_keys(self) -> bool:
        """Tell whether custodians keep the keys of sealed papers, the default included."""
        return (self.paper_custody or ("shares" if self.is_production else "server")) == "shares"

    @property
    def is_secure(self) -> bool:
        """Tell whether the outside address is https, so that cookies must be Secure."""
        return self.base_url.startswith("https://")

    def problems(self) -> list[str]:
        """Return what is wrong, one line a field; empty when all is well."""
        found = []
        if not self.base_url.startswith(("http://", "https://")) or self.base_url.endswith("/"):
            found.append("BASE_URL must begin with http:// or https:// and not end with a slash")
        if self.database_url and not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            found.append("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
        if self.paper_custody not in {"", "shares", "server"}:
            found.append("PAPER_CUSTODY must be shares or server")
        needed, shares = self.paper_shares
        if not FEWEST_CUSTODIANS <= needed <= shares <= MOST_CUSTODIANS:
            found.append("PAPER_SHARES must be like 2/3: at least two custodians, at most nine shares")
        if self.is_production:
            found += self._production_problems()
        return found

    def _production_problems(self) -> list[str]:
        rules = {
            "SECRET_KEY must be set and not be the one for development": self.secret_key
            == DEVELOPMENT_SECRET,
            f"SECRET_KEY must have {SHORTEST_SECRET} characters or more": len(self.secret_key)
            < SHORTEST_SECRET,
            "DEBUG must be off in production": self.debug,
            "DEMO must be off in production: its accounts have known passwords": self.demo,
            "QA must be off in production": self.qa,
            "BASE_URL must be https in production": not self.is_secure,
            "STAFF_SECOND_FACTOR must be on in production": not self.staff_second_factor,
            "RATE_LIMITS must be on in production": not self.rate_limits,
        }
        return [text for text, broken in rules.items() if broken]


def _flag(text: str, *, name: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    message = f"{name} must be 1 or 0"
    raise WrongSettings(message)


def _shares(text: str) -> tuple[int, int]:
    needed, _, shares = text.partition("/")
    if not (needed.isdecimal() and shares.isdecimal()):
        message = "PAPER_SHARES must be like 2/3"
        raise WrongSettings(message)
    return int(needed), int(shares)


def from_env(environ: Mapping[str, str]) -> Settings:
    """Return the settings that the environment asks for.

    Raises:
        WrongSettings: a value cannot be read, or the whole is not safe; every fault is named.
    """
    default = Settings()

    def flag(name: str, *, default: bool) -> bool:
        return _flag(environ.get(name, "1" if default else "0"), name=name)

    name = environ.get("APP_ENV", "development")
    if name not in set(Environment):
        message = f"APP_ENV must be one of {', '.join(Environment)}"
        raise WrongSettings(message)
    proxies = environ.get("TRUSTED_PROXIES", "0")
    if not proxies.isdecimal():
        message = "TRUSTED_PROXIES must be a number"
        raise WrongSettings(message)
    settings = Settings(
        environment=Environment(name),
        secret_key=environ.get("SECRET_KEY") or default.secret_key,
        old_secret_keys=tuple(filter(None, environ.get("OLD_SECRET_KEYS", "").split(","))),
        database_url=environ.get("DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
        base_url=environ.get("BASE_URL") or f"http://127.0.0.1:{environ.get('PORT', '8000')}",
        instance=Path(environ.get("INSTANCE", default.instance)).resolve(),
        keys_folder=Path(environ["KEYS"]).resolve() if environ.get("KEYS") else None,
        paper_custody=environ.get("PAPER_CUSTODY", ""),
        paper_shares=_shares(environ.get("PAPER_SHARES") or "2/3"),
        content=Path(environ.get("CONTENT", default.content)).resolve(),
        mail_url=environ.get("MAIL_URL", ""),
        mail_from=environ.get("MAIL_FROM", default.mail_from),
        trusted_proxies=int(proxies),
        debug=flag("DEBUG", default=False),
        demo=flag("DEMO", default=False),
        qa=flag("QA", default=False),
        suitability_opens_course=flag("SUITABILITY_OPENS_COURSE", default=True),
        course_opens_exam=flag("COURSE_OPENS_EXAM", default=True),
        staff_second_factor=flag("STAFF_SECOND_FACTOR", default=True),
        rate_limits=flag("RATE_LIMITS", default=True),
    )
    if problems := settings.problems():
        raise WrongSettings("; ".join(problems))
    return settings
