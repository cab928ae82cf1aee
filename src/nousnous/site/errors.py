"""Expected trouble as answers: its kind becomes a status, its sentence the page or the JSON."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nousnous.base.errors import Conflict, Forbidden, Missing, NousError, Refused, Unavailable

STATUS: Final[dict[type[NousError], int]] = {
    Refused: 422,
    Missing: 404,
    Conflict: 409,
    Forbidden: 403,
    Unavailable: 503,
}
RETRY_AFTER_S: Final = 5

TITLES: Final = {
    400: "This address does not make sense",
    403: "This form is too old",
    404: "There is no such page",
    409: "Somebody changed it meanwhile",
    422: "That does not work",
    500: "Something went wrong on our side",
    503: "Not now",
}


def status_of(error: NousError) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def body_of(error: NousError) -> dict[str, Any]:
    place = error.place
    return {
        "error": error.sentence,
        "place": {"file": place.file, "line": place.line, "field": place.field} if place else None,
    }


def error_page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
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
    return error_page(request, 500, "It stands in the log with its cause. Trying again may help.")
