"""What results look like as JSON: a shape (a TypedDict, or a frozen dataclass that is told field by field).

What `as_dict` gives, what an endpoint answers and what `/api/openapi.json` promises is the same type: mypy holds the
code to it, and the schema is read from it. A shape that is told field by field is the only list of its fields.
"""

from datetime import datetime
from typing import Annotated, Any, Generic, TypedDict, TypeVar, cast

from msgspec import Meta

S = TypeVar("S")

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""An instant that was written as text already."""
Instant = Annotated[datetime, Meta(tz=True)]

Window = TypedDict("Window", {"from": Moment, "to": Moment})


class Items(TypedDict, Generic[S]):
    """A whole list."""

    items: list[S]


class Page(TypedDict, Generic[S]):
    """A page of a list; `next` is the cursor of the page after it, null on the last one."""

    items: list[S]
    next: str | None


def shaped(shape: type[S], of: object, **others: Any) -> S:
    """What a shape asks for, read from the attributes of its names; `others` stand in the place of some of them.

    >>> shaped(Window, slice(1, 2), **{"from": "then", "to": "now"})
    {'from': 'then', 'to': 'now'}
    """
    told = {name: others[name] if name in others else getattr(of, name) for name in shape.__annotations__}
    return cast("S", told)
