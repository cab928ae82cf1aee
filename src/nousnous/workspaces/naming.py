"""Records that name somebody: found by the database, so that few have to be read closely."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from nousnous.base.mentions import Mentions


def perhaps_naming(rows: Any, mentions: Mentions, *fields: str) -> list[Any]:
    """The rows one of whose texts may name one of the ids, told by letters that every way of writing keeps."""
    wanted = [Q(**{f"{field}__contains": letters}) for field in fields for letters in mentions.letters]
    return list(rows.filter(reduce(or_, wanted))) if wanted else []
