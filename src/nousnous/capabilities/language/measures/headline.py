"""What an audit says in a title, and the names of dimensions and verdicts as people read them."""

from collections.abc import Sequence
from typing import Final

from nousnous.capabilities.language.measures.audit import LEAST, Group
from nousnous.capabilities.language.measures.jargon import Jargon

NAMES: Final = {
    "channel": "Channel",
    "topic": "Topic",
    "bot_version": "Bot version",
    "agent_group": "Group of agents",
    "language": "Language",
    "topic × bot_version": "Topic and bot version",
    "all": "All",
}
VERDICTS: Final = {"gap": "gap", "likely": "likely, not proven", "none": "no gap", "few": "too few"}


def name_of(group: Group) -> str:
    """A group as a phrase.

    >>> from nousnous.stats.estimate import too_few
    >>> name_of(Group("topic × bot_version", "billing × 2", too_few(1), None, None, None, "few", 19, None))
    'billing, bot version 2'
    """
    if "×" in group.dimension:
        topic, version = group.name.rsplit(" × ", 1)
        return f"{topic}, bot version {version}"
    if group.dimension in {"bot_version", "language"}:
        return f"{NAMES[group.dimension].lower()} {group.name}"
    return group.name


def title_of(conversations: int, named: Sequence[Group], groups: Sequence[Group]) -> str:
    """The answer of an audit."""
    if not conversations:
        return "No conversation had both sides in this time"
    if named:
        first = name_of(named[0])
        others = f", and in {len(named) - 1} more" if len(named) > 1 else ""
        return f"The company sounds far brighter than its customers in {first}{others}"
    if any(one.verdict == "likely" for one in groups):
        return "A gap between both voices is likely, and not proven yet"
    if any(one.verdict == "none" for one in groups):
        return "Company and customers sound alike"
    return "Too few conversations to compare both voices"


def verdict_of(group: Group) -> str:
    """A verdict, with how many conversations are missing where there are too few."""
    return (
        f"{group.missing} of {LEAST} missing" if group.verdict == "few" and group.missing else VERDICTS[group.verdict]
    )


def readability_of(jargon: Jargon | None) -> str:
    """How many years of school both sides write for, in a sentence; nothing where too little was written to say.

    >>> readability_of(Jargon((), 0, 0, 0.0, 7.6))
    'The company writes for less than a year of school, customers write as after 8 years.'
    """
    if jargon is None or jargon.grade is None:
        return ""
    said = f"The company writes for {_years(jargon.grade)} of school"
    if jargon.grade_of_customers is not None:
        said += f", customers write as after {_years(jargon.grade_of_customers)}"
    return said + "."


def _years(grade: float) -> str:
    years = round(grade)
    return "less than a year" if years < 1 else "1 year" if years == 1 else f"{years} years"
