"""Which kinds of channels there are and what each must be told; the file of each way out holds its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.module_loading import import_string

from nousnous.base.errors import Missing, Place, Refused

if TYPE_CHECKING:
    from nousnous.plays.channels.models import Channel

PATHS: Final = {
    "email": "nousnous.plays.channels.email.KIND",
    "slack": "nousnous.plays.channels.slack.KIND",
    "webhook": "nousnous.plays.channels.webhook.KIND",
    "github": "nousnous.plays.channels.github.KIND",
    "jira": "nousnous.plays.channels.jira.KIND",
    "linear": "nousnous.plays.channels.linear.KIND",
    "push": "nousnous.plays.channels.push.KIND",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a channel must be told; a secret one is never shown again."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    needed: bool = True


def _to_nobody(_workspace_id: str, _channel: "Channel | None") -> None:
    """Most channels are no business of browsers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way out: what it is called, what it must be told, and how a connection is tried.

    `check` refuses what cannot work without asking anybody; `test` asks the other side and answers a sentence. `made`
    are values that are made where nobody tells them, and `announce` tells customers' browsers of a channel, or of none.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    check: Callable[[Mapping[str, str]], None]
    test: Callable[["Channel"], str]
    where: Callable[[Mapping[str, str]], str]
    made: Callable[[], Mapping[str, str]] = dict
    announce: Callable[[str, "Channel | None"], None] = _to_nobody

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field.secret)


def kinds() -> tuple[Kind, ...]:
    return tuple(kind_named(name) for name in PATHS)


def kind_named(name: str) -> Kind:
    if name not in PATHS:
        raise Missing(f"There is no kind “{name}” of channels; there are {', '.join(PATHS)}.")
    found: Kind = import_string(PATHS[name])
    return found


def checked(kind: Kind, values: Mapping[str, Any]) -> dict[str, str]:
    """The values of a channel's fields as texts; refused where one is unknown, missing, or no use to the kind."""
    known = {field.name: field for field in kind.fields}
    if unknown := sorted(set(values) - set(known)):
        raise Refused(
            f"“{unknown[0]}” is not known here; {kind.title} takes {', '.join(known)}.", Place(field=unknown[0])
        )
    found = {name: str(value).strip() for name, value in values.items() if value is not None and str(value).strip()}
    for name, value in found.items():
        if len(value) > 1_000 or not value.isprintable():
            raise Refused("It is one line of at most 1,000 letters.", Place(field=name))
    if lacking := [name for name, field in known.items() if field.needed and name not in found]:
        raise Refused(f"{kind.title} needs “{lacking[0]}”: {known[lacking[0]].label}.", Place(field=lacking[0]))
    kind.check(found)
    return found
