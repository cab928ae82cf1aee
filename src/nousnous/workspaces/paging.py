"""How the API turns pages: `limit` and `cursor` in, `{"items": […], "next": cursor or null}` out."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from ninja import Field, Schema

from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import Page

Row = TypeVar("Row", bound=Model)
S = TypeVar("S")
MOST = 2**63 - 1


class Paging(Schema):
    """Take it as `paging: Query[Paging]`."""

    limit: int = Field(100, ge=1, le=1000, description="At most so many items.")
    cursor: str = Field("", description="`next` of the page before; empty for the first page.")


def cursor_of(*place: Any) -> str:
    """A cursor that names a place in an order.

    >>> place_of(cursor_of("a", 1))
    ['a', 1]
    """
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str) -> list[Any]:
    """The place that a cursor names; empty for the first page."""
    if not cursor:
        return []
    try:
        place = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        place = None
    if not isinstance(place, list) or any(isinstance(part, int) and abs(part) > MOST for part in place):
        raise Refused("This is no cursor; take `next` of the page before.", Place(field="cursor"))
    return place


def page_of(rows: QuerySet[Row], paging: Paging, shape: Callable[[Row], S]) -> Page[S]:
    """A page of records in the order of their primary keys."""
    place = place_of(paging.cursor)
    if place:
        try:
            rows = rows.filter(pk__gt=rows.model._meta.pk.to_python(place[0]))  # noqa: SLF001  # Django's documented door
        except (ValueError, TypeError, AttributeError, ValidationError):
            raise Refused("This is no cursor; take `next` of the page before.", Place(field="cursor")) from None
    found = list(rows.order_by("pk")[: paging.limit + 1])
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    return {"items": [shape(row) for row in shown], "next": cursor_of(shown[-1].pk) if more else None}
