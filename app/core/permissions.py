"""Acts, roles, and the person acting. Pure: who may do what kind of thing, never which thing."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from app.core.errors import N_


class Permission(StrEnum):
    """One kind of act: `thing:act`."""

    ACCOUNT_READ = "account:read"
    """See one's own account and sessions."""
    ACCOUNT_WRITE = "account:write"
    """Change one's own account."""
    PEOPLE_READ = "people:read"
    """See accounts and their roles."""
    PEOPLE_WRITE = "people:write"
    """Grant and take roles, disable accounts."""
    CANDIDACY_READ = "candidacy:read"
    """See one's own path and requirements."""
    CANDIDACY_WRITE = "candidacy:write"
    """Answer the requirements, choose one's place."""
    COURSE_READ = "course:read"
    """Read lessons that are open to one."""
    COURSE_WRITE = "course:write"
    """Answer quick checks, finish lessons."""
    TEAM_READ = "team:read"
    """See one's team and how far it is."""
    TEAM_WRITE = "team:write"
    """Invite and leave."""
    TEAM_LEAD = "team:lead"
    """Invite members to one's own team, and let them go."""
    BANK_READ = "bank:read"
    """Read the item bank."""
    ATTEMPT_READ = "attempt:read"
    """See one's own attempts."""
    ATTEMPT_WRITE = "attempt:write"
    """Start, answer and finish one's own attempts."""
    SITTING_READ = "sitting:read"
    """See blueprints, papers and sittings."""
    SITTING_WRITE = "sitting:write"
    """Draw papers, seal them (two people), open sittings."""
    SCRIPT_READ = "script:read"
    """See scripts given to one, by code only."""
    MARK_WRITE = "mark:write"
    """Mark scripts given to one."""
    ADJUDICATION_READ = "adjudication:read"
    """See the scripts whose two marks differ too much."""
    ADJUDICATION_WRITE = "adjudication:write"
    """Give the third mark."""
    RESULT_READ = "result:read"
    """See one's own released results."""
    RESULT_WRITE = "result:write"
    """Appeal against one's own result."""
    EXAMINERS_READ = "examiners:read"
    """See the examiners, their districts and how far the marking is."""
    EXAMINERS_WRITE = "examiners:write"
    """Note an examiner's district."""
    RELEASE_READ = "release:read"
    """See provisional results by code."""
    RELEASE_WRITE = "release:write"
    """Propose and confirm releases and amendments (two people); answer appeals."""
    CERTIFICATE_READ = "certificate:read"
    """See one's own certificates."""
    CONSENT_READ = "consent:read"
    """See what of one's own is public."""
    CONSENT_WRITE = "consent:write"
    """Publish and withdraw one's own results."""
    LISTING_READ = "listing:read"
    """See the commission's lists."""
    LISTING_WRITE = "listing:write"
    """Import the commission's lists, tie an entry to an account after an identity check."""
    AUDIT_READ = "audit:read"
    """Read the chained record."""


OWN = frozenset({Permission.ACCOUNT_READ, Permission.ACCOUNT_WRITE})
LEARN = frozenset(
    {Permission.COURSE_READ, Permission.COURSE_WRITE, Permission.TEAM_READ, Permission.TEAM_WRITE}
)


@dataclass(frozen=True)
class Role:
    """What a kind of person may do.

    Attributes:
        key: its name in the database and in code.
        label: its name on screens (a key of the catalogues).
        may: the acts, beside those of everybody's own account.
        staff: works for the school: needs a second factor, short sessions.
    """

    key: str
    label: str
    may: frozenset[Permission]
    staff: bool = True


ROLES: tuple[Role, ...] = (
    Role(
        "candidate",
        N_("Candidate"),
        LEARN
        | {
            Permission.CANDIDACY_READ,
            Permission.CANDIDACY_WRITE,
            Permission.TEAM_LEAD,
            Permission.ATTEMPT_READ,
            Permission.ATTEMPT_WRITE,
            Permission.RESULT_READ,
            Permission.RESULT_WRITE,
            Permission.CERTIFICATE_READ,
            Permission.CONSENT_READ,
            Permission.CONSENT_WRITE,
        },
        staff=False,
    ),
    Role("team-member", N_("Team member"), LEARN, staff=False),
    Role("author", N_("Author"), frozenset({Permission.BANK_READ})),
    Role("examiner", N_("Examiner"), frozenset({Permission.SCRIPT_READ, Permission.MARK_WRITE})),
    Role(
        "adjudicator",
        N_("Adjudicator"),
        frozenset({Permission.ADJUDICATION_READ, Permission.ADJUDICATION_WRITE}),
    ),
    Role(
        "organiser",
        N_("Organiser"),
        frozenset(
            {
                Permission.SITTING_READ,
                Permission.SITTING_WRITE,
                Permission.EXAMINERS_READ,
                Permission.EXAMINERS_WRITE,
                Permission.RELEASE_READ,
                Permission.RELEASE_WRITE,
                Permission.LISTING_READ,
                Permission.LISTING_WRITE,
            }
        ),
    ),
    Role("auditor", N_("Auditor"), frozenset({Permission.AUDIT_READ, Permission.PEOPLE_READ})),
    Role("administrator", N_("Administrator"), frozenset({Permission.PEOPLE_READ, Permission.PEOPLE_WRITE})),
)
ROLE_BY_KEY = {role.key: role for role in ROLES}
STAFF = frozenset(role.key for role in ROLES if role.staff)

# Roles that would check each other on the same thing (design.md, security.md 1.8).
_STRANGERS_TO_OTHERS = ("auditor", "administrator")
NEVER_TOGETHER: frozenset[frozenset[str]] = (
    frozenset(
        frozenset({role, other.key}) for role in _STRANGERS_TO_OTHERS for other in ROLES if other.key != role
    )
    | frozenset(frozenset(pair) for pair in combinations(("examiner", "organiser", "author"), 2))
    | frozenset(
        {
            frozenset({"adjudicator", "examiner"}),
            frozenset({"adjudicator", "organiser"}),
            frozenset({"candidate", "team-member"}),
        }
    )
    | frozenset(frozenset({"candidate", role}) for role in STAFF)
    | frozenset(frozenset({"team-member", role}) for role in STAFF)
)


def clashes(roles: frozenset[str]) -> list[frozenset[str]]:
    """Return the pairs in `roles` that may not meet in one person; empty when all is well."""
    return [pair for pair in NEVER_TOGETHER if pair <= roles]


@dataclass(frozen=True)
class Actor:
    """Whoever acts.

    Attributes:
        id: the person's id inside the database; None for a visitor.
        roles: keys of the roles held at this moment.
        is_complete: signed in with every factor that the roles ask for.
    """

    id: int | None = None
    roles: frozenset[str] = frozenset()
    is_complete: bool = True

    @property
    def person_id(self) -> int:
        """Return the id of a signed-in person.

        Raises:
            LookupError: a visitor reached what only the signed-in may reach: a fault of the policy.
        """
        if self.id is None:
            message = "nobody is signed in"
            raise LookupError(message)
        return self.id

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    def may(self, permission: Permission) -> bool:
        """Tell whether a role of this person allows `permission`."""
        if self.id is None:
            return False
        return permission in OWN or any(permission in ROLE_BY_KEY[role].may for role in self.roles)


VISITOR = Actor()
