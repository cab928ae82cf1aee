"""A suggested journey as a file: what was found, and what only people can say."""

import json
import re
from collections.abc import Iterable

from nousnous.facts.journeys import STAGES
from nousnous.journeys.suggestion import Sketch, Suggested, title_of

MOST_UNUSED = 12


def identity_of(text: str, taken: Iterable[str] = ()) -> str:
    """An id of a title that no other has.

    >>> identity_of("Home to purchase", ["home-to-purchase"]), identity_of("größe")
    ('home-to-purchase-2', 'größe')
    """
    others, plain = set(taken), re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "journey"
    names = (plain if number == 1 else f"{plain}-{number}" for number in range(1, len(others) + 2))
    return next(name for name in names if name not in others)


def drafted(found: Sketch, identity: str, currency: str, timezone: str) -> str:
    """A sketch as a journey file."""
    total = sum(name.n for name in found.names.values())
    lines = [
        f"# A first draft from {total:,} events with {_counted(len(found.names), 'name')}.",
        "# Only you can say who owns each step, what was designed, and how long it may take.",
        *_unused(found),
        "[journey]",
        f"id = {json.dumps(identity)}",
        f"name = {_text(title_of(found))}",
        f"currency = {json.dumps(currency)}",
        "hourly_wage = 25.0    # what an hour of a customer is worth; by country { default = 25.0, DE = 28.0 }",
        f"timezone = {json.dumps(timezone)}",
        'owner = ""            # who answers for the journey as a whole',
    ]
    used: list[str] = []
    for step in found.steps:
        used.append(identity_of(step.title, used))
        lines += ["", *_step_lines(step, used[-1], found)]
    return "\n".join([*lines, ""])


def _unused(found: Sketch) -> list[str]:
    used = {event for step in found.steps for event in (*step.starts, *step.completes, *step.fails)}
    left = sorted((name for name in found.names.values() if name.event not in used), key=lambda name: -name.n)
    if not left:
        return []
    shown = ", ".join(_text(name.event) for name in left[:MOST_UNUSED])
    more = f" and {len(left) - MOST_UNUSED} more" if len(left) > MOST_UNUSED else ""
    return [f"# In no step: {shown}{more}."]


def _step_lines(step: Suggested, identity: str, found: Sketch) -> list[str]:
    begun = [found.names[event] for event in step.starts]
    people = max(name.persons for name in begun)
    least = "at least " if len(begun) > 1 else ""
    times = _counted(sum(name.n for name in begun), "time")
    lines = [f"# Begun by {least}{_counted(people, 'person', 'people')}, {times} in all."]
    if not step.completes:
        lines.append(
            "# One event alone tells of it, so nobody fails it: is there one that comes before, to start with?"
        )
    lines += ["[[step]]", f"id = {json.dumps(identity)}", f"name = {_text(step.title)}"]
    if step.stage:
        lines.append(f'stage = "{step.stage}"')
    else:
        lines.append(f"# stage: one of {', '.join(STAGES)}")
    lines += ['owner = ""', f"starts = {_matcher(step.starts)}"]
    if step.completes:
        lines.append(f"completes = {_matcher(step.completes)}")
    if step.fails:
        lines.append(f"fails = {_matcher(step.fails)}")
    return [*lines, f'within = "{step.within}"']


def _matcher(events: tuple[str, ...]) -> str:
    names = _text(events[0]) if len(events) == 1 else f"[{', '.join(map(_text, events))}]"
    return f"{{ event = {names} }}"


def _text(written: str) -> str:
    """A text as TOML writes it; JSON leaves one sign as it is that TOML does not take."""
    return json.dumps(written, ensure_ascii=False).replace("\x7f", r"\u007f")


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
