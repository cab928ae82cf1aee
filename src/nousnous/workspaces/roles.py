"""Who may do what, in one matrix: roles down, words of the product across.

A word is a noun of the product and what is done with it. Pages, API endpoints and tokens name these same words.
"""

from collections.abc import Iterable
from typing import Final

from nousnous.base.errors import Refused

#          word                what it allows                                          the roles that have it
MATRIX: Final[dict[str, tuple[str, frozenset[str]]]] = {
    word: (meaning, frozenset(roles.split()))
    for word, meaning, roles in (
        ("gaps:read", "See gaps, steps, debt and readiness", "owner admin analyst editor viewer"),
        ("beliefs:read", "See beliefs and calibration", "owner admin analyst editor viewer"),
        ("beliefs:write", "Write beliefs", "owner admin editor"),
        ("beliefs:seal", "Seal beliefs", "owner admin editor"),
        ("journeys:read", "See journeys", "owner admin analyst editor viewer"),
        ("journeys:write", "Change journeys", "owner admin editor"),
        ("segments:read", "See segments", "owner admin analyst editor viewer"),
        ("segments:write", "Change segments", "owner admin analyst editor"),
        ("spreads:read", "See spreads of scores, and screens behind low ones", "owner admin analyst editor viewer"),
        ("themes:read", "See what customers talk about", "owner admin analyst editor viewer"),
        ("themes:write", "Merge, rename and pin themes", "owner admin analyst editor"),
        ("language:read", "See how far apart company and customers sound", "owner admin analyst editor viewer"),
        ("language:write", "Label messages, choose the scorer, bring messages in", "owner admin analyst"),
        ("contacts:read", "See which contacts come back", "owner admin analyst editor viewer"),
        ("surveys:read", "See surveys and how many answered", "owner admin analyst editor viewer"),
        ("surveys:write", "Write surveys, publish and close them", "owner admin editor"),
        ("replays:read", "Watch recordings of sessions, and see heat maps", "owner admin analyst"),
        ("replays:write", "Bring recordings in, and make fractures of their moments", "owner admin"),
        ("accessibility:read", "See whom screens keep out", "owner admin analyst editor viewer"),
        ("accessibility:write", "Hand barriers over to a tracker", "owner admin editor"),
        ("plays:read", "See plays, whom they reached and what came of it", "owner admin analyst editor viewer"),
        ("plays:write", "Write plays, switch them on and off, connect channels", "owner admin editor"),
        ("experiments:read", "See experiments and proofs", "owner admin analyst editor viewer"),
        ("experiments:write", "Start and stop experiments, switch flags", "owner admin editor"),
        ("attrition:read", "See who is about to leave, and why", "owner admin analyst"),
        ("attrition:write", "Change thresholds of signals, train the forecast", "owner admin analyst"),
        ("cases:read", "See cases of single people, the rota and the war room", "owner admin analyst"),
        ("cases:write", "Open, claim and close cases, change the rota", "owner admin analyst"),
        ("credits:read", "See budgets and credits", "owner admin analyst"),
        ("credits:write", "Grant and reverse credits, change budgets", "owner admin"),
        ("phrases:read", "See phrases and articles, and be served them", "owner admin analyst editor viewer"),
        ("phrases:write", "Propose wordings, write articles", "owner admin analyst editor"),
        ("phrases:approve", "Approve and decline wordings, publish articles", "owner admin"),
        ("workshops:read", "See workshops of tone and what came of them", "owner admin analyst editor viewer"),
        ("workshops:write", "Hold workshops of tone", "owner admin editor"),
        ("events:read", "Read single events", "owner admin analyst"),
        ("events:write", "Send events", "owner admin"),
        ("imports:read", "See imports", "owner admin analyst editor"),
        ("imports:write", "Import files and undo imports", "owner admin editor"),
        ("quarantine:read", "See quarantined events", "owner admin analyst"),
        ("runs:read", "See work in the background", "owner admin analyst editor"),
        ("runs:write", "Try work in the background again", "owner admin editor"),
        ("people:read", "See single people and their visits", "owner admin analyst"),
        ("people:write", "Merge people, undo merges, change consent", "owner admin"),
        ("people:export", "Export all that is known of a person", "owner admin"),
        ("people:erase", "Erase a person", "owner admin"),
        ("keys:read", "See write keys and API tokens", "owner admin"),
        ("keys:write", "Make and revoke write keys and API tokens", "owner admin"),
        ("members:read", "See members and roles", "owner admin analyst editor viewer"),
        ("members:write", "Invite members, change roles, remove members", "owner admin"),
        ("audit:read", "Read the audit log", "owner admin"),
        ("workspace:read", "See the workspace's settings", "owner admin analyst editor viewer"),
        ("workspace:write", "Change the workspace's settings", "owner"),
    )
}

ROLES: Final[dict[str, str]] = {
    "owner": "Everything, the workspace's settings too",
    "admin": "Everything but the workspace's settings and its owners",
    "analyst": "Looks into everything, single people too; changes segments",
    "editor": "Writes journeys, beliefs, segments; imports files; sees no single people",
    "viewer": "Sees gaps, journeys and beliefs; no single people",
}

WORDS: Final = tuple(MATRIX)
READING: Final = frozenset(word for word in WORDS if word.endswith(":read"))
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "The gap": ("gaps", "beliefs", "journeys", "segments"),
    "What customers say": ("spreads", "themes", "language", "contacts", "surveys"),
    "What customers see": ("replays", "accessibility"),
    "How we say it": ("phrases", "workshops"),
    "What is done and proven": ("plays", "experiments", "attrition", "cases", "credits"),
    "Events and files": ("events", "imports", "quarantine", "runs"),
    "People": ("people",),
    "The workspace": ("keys", "members", "audit", "workspace"),
}
"""What the nouns of words are about; every noun stands in one part."""
FEW: Final = 3


def words_of(role: str) -> frozenset[str]:
    """The words that a role may.

    >>> "people:read" in words_of("viewer")
    False
    """
    return frozenset(word for word, (_, roles) in MATRIX.items() if role in roles)


def checked_role(role: str) -> str:
    if role not in ROLES:
        raise Refused(f"“{role}” is no role; roles are {', '.join(ROLES)}.")
    return role


def spoken_scopes(scopes: Iterable[str]) -> str:
    """What a token may, as short as it can be said.

    >>> spoken_scopes(WORDS), spoken_scopes(READING), spoken_scopes(["gaps:read"])
    ('everything', 'read everything', 'gaps:read')
    >>> spoken_scopes([*READING, "events:write"]), spoken_scopes(WORDS[1:])
    ('read everything, events:write', 'everything but gaps:read')
    """
    mine = set(scopes)
    missing = [word for word in WORDS if word not in mine]
    if len(missing) <= FEW:
        return f"everything but {', '.join(missing)}" if missing else "everything"
    told = ["read everything"] if mine >= READING else [word for word in WORDS if word in mine & READING]
    return ", ".join([*told, *(word for word in WORDS if word in mine - READING)])


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    """The scopes of a token in the order of the matrix; none given means all."""
    wanted = set(scopes) or set(WORDS)
    if unknown := sorted(wanted - set(WORDS)):
        raise Refused(f"“{unknown[0]}” is no scope; scopes are {', '.join(WORDS)}.")
    return [word for word in WORDS if word in wanted]
