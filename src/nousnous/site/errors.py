"""Expected trouble as answers: its kind becomes a status, its sentence the page or the JSON."""

import sqlite3
import sys
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from nousnous.base.errors import Conflict, Forbidden, Missing, NousError, Refused, Unavailable
from nousnous.warehouse.stores import trouble_of

STATUS: Final[dict[type[NousError], int]] = {
    Refused: 422,
    Missing: 404,
    Conflict: 409,
    Forbidden: 403,
    Unavailable: 503,
}
RETRY_AFTER_S: Final = 5
NO_ROOM: Final = ("No space left on device", "disk is full", "Disk quota exceeded")
READ_ONLY: Final = ("Read-only file system", "readonly database")
AGAIN: Final = "Try again in a minute; `nous status` says more."
API: Final = "/api/"
"""Below it programs read what is answered, also where no endpoint is."""

TITLES: Final = {
    400: "This address does not make sense",
    403: "This form is too old",
    404: "There is no such page",
    409: "Somebody changed it meanwhile",
    422: "That does not work",
    500: "Something went wrong on our side",
    503: "Not now",
}


def told_of(error: BaseException) -> NousError | None:
    """What to say of an error that is no fault of ours: expected trouble, or what lies below us is away; else None."""
    if isinstance(error, NousError):
        return error
    return trouble_of(error) or _below(error)


def _below(error: BaseException) -> Unavailable | None:
    said = str(error)
    if any(mark in said for mark in NO_ROOM):
        return Unavailable(f"The disk of this installation is full. {AGAIN}")
    if any(mark in said for mark in READ_ONLY):
        return Unavailable(f"The disk of this installation cannot be written. {AGAIN}")
    if isinstance(error, OperationalError | InterfaceError) and not _is_of_ours(error):
        return Unavailable(f"The records do not answer. {AGAIN}")
    return None


def _is_of_ours(error: Exception) -> bool:
    """SQLite says of a question that is wrong what it says of a file that is away, but for the number."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR


def status_of(error: NousError) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def body_of(error: NousError) -> dict[str, Any]:
    place = error.place
    return {
        "error": error.sentence,
        "place": {"file": place.file, "line": place.line, "field": place.field} if place else None,
    }


def error_page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    if request.path.startswith(API):
        response: HttpResponse = JsonResponse({"error": sentence, "place": None}, status=status)
    else:
        response = render(request, "error.html", {"title": TITLES[status], "sentence": sentence}, status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def page_of_error(request: HttpRequest, error: NousError) -> HttpResponse:
    """The page for expected trouble; what is forbidden looks like what is absent."""
    if isinstance(error, Forbidden | Missing):
        return missing(request, error)
    return error_page(request, status_of(error), str(error))


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = exception.sentence if isinstance(exception, Missing) else ""
    return error_page(request, 404, sentence or "It may have been removed, or it is not yours to see.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django hands both
    return error_page(request, 400, "Go back and try again.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django hands both
    return error_page(request, 403, "Go back, load the page again and send the form once more.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Also for what went wrong before or after the view, such as looking up who comes."""
    error = sys.exc_info()[1]
    if error is not None and (told := told_of(error)) is not None:
        return page_of_error(request, told)
    return error_page(request, 500, "It stands in the log with its cause. Trying again may help.")
