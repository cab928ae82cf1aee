"""The JSON API: the routers of all parts under /api/v1, tokens and scopes, errors by kind.

A part's `api.py` has `router = Router(tags=[…])`; each endpoint names its word directly above the function
(`@permission("gaps:read")`). An endpoint that names none is refused when the site starts.
"""

import json
import logging
from typing import Any

from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from nousnous.base import clock
from nousnous.base.errors import Forbidden, Missing, NousError, Place, Refused, Unavailable
from nousnous.site.contract import Renderer, complete, take_exactly
from nousnous.site.errors import RETRY_AFTER_S, body_of, status_of, told_of
from nousnous.site.parts import modules
from nousnous.site.reference import Pages
from nousnous.workspaces.access import PUBLIC, Access, signed_in
from nousnous.workspaces.models import ApiToken, Member

logger = logging.getLogger(__name__)

DESCRIPTION = """
Send `Authorization: Bearer <token>`; a token belongs to one workspace and may what its scopes say.
Pages of this site use the session instead and name the workspace in `?workspace=<slug>`.

Lists take `limit` and `cursor` and answer `{"items": […], "next": cursor or null}`.
Errors answer `{"error": sentence, "place": {"file", "line", "field"} or null}`: 401 no valid token, 403 the scope is
missing, 404 it is not there or not yours, 409 changed meanwhile, 422 the input is wrong, 503 try again later.
"""


class Bodies(Parser):
    """JSON as its standard has it: Python's reader lets by what no table can hold (NaN, halves of characters)."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = super().parse_body(request)
        if not isinstance(body, dict):
            raise TypeError("The fields of an endpoint come in an object.")
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
        return body


class Door(AuthBase):
    """Asks who comes and whether they have the word of the endpoint."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__()

    def __call__(self, request: HttpRequest) -> Access:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind:
            access = _of_token(request, secret.strip()) if kind.lower() == "bearer" else None
        else:
            access = _of_session(request)
        if access is None:
            raise AuthenticationError
        access.require(self.word)
        request.workspace, request.access = access.workspace, access  # type: ignore[attr-defined]  # WorkspaceRequest
        return access


def _of_token(request: HttpRequest, secret: str) -> Access | None:
    access = access_of(secret)
    if access is not None and request.GET.get("workspace", access.workspace.slug) != access.workspace.slug:
        raise Missing("There is no such workspace.")
    return access


def access_of(secret: str) -> Access | None:
    """What a token may; None for one that is not valid. That it was used is written down once a minute."""
    token = ApiToken.objects.of_secret(secret)
    if token is None:
        return None
    token.note_use(clock.now())
    return Access.of_token(token)


def _of_session(request: HttpRequest) -> Access | None:
    if not request.user.is_authenticated:
        return None
    if check_csrf(request) is not None:
        raise Forbidden("The CSRF token is missing or wrong; load the page again.")
    rows = Member.objects.of(request.user)
    slug = request.GET.get("workspace")
    members = list(rows.filter(workspace__slug=slug) if slug else rows[:2])
    if slug and not members:
        raise Missing("There is no such workspace.")
    if len(members) != 1:
        raise Refused("Say which workspace: add ?workspace=<slug>.", Place(field="workspace"))
    return Access.of_member(members[0])


def _set_door(operation: Operation) -> None:
    word = getattr(operation.view_func, "permission", None)
    if word is None:
        raise ImproperlyConfigured(f"{operation.view_func.__qualname__} names no permission.")
    if word != PUBLIC:
        operation.auth_param = operation.auth_callbacks = [Door(word)]
        operation.description = f"{operation.description or ''}\n\nScope: `{word}`.".strip()


class Api(NinjaAPI):
    """Names its operations by part and function; its schema says what each of them answers."""

    operations: dict[str, Operation]

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        complete(schema, self.operations)
        return schema


def _build() -> NinjaAPI:
    made = Api(
        title="Nous-Nous",
        version="1",
        description=DESCRIPTION,
        docs=Pages(),
        docs_url="/docs",
        docs_decorator=_docs_door,
        openapi_url="/openapi.json",
        urls_namespace="api",
        parser=Bodies(),
        renderer=Renderer(),
    )
    made.operations = {}
    for router in [module.router for module in modules("api")]:
        for view in router.path_operations.values():
            for operation in view.operations:
                _set_door(operation)
                take_exactly(operation)
                operation.operation_id = f"{router.tags[0]}_{operation.view_func.__name__}"
                made.operations[operation.operation_id] = operation
        made.add_router("/v1", router)
    for kind, answer in ANSWERS.items():
        made.add_exception_handler(kind, answer)
    return made


def _docs_door(view: Any) -> Any:
    """The schema is public, as the code is; the page that shows it to people is for members."""
    return view if view.func.__name__ == "openapi_json" else signed_in(view)


def _answer(request: HttpRequest, status: int, error: str, place: dict[str, Any] | None = None) -> HttpResponse:
    response: HttpResponse = api.create_response(request, {"error": error, "place": place}, status=status)
    return response


def _on_error(request: HttpRequest, error: NousError) -> HttpResponse:
    body = body_of(error)
    response = _answer(request, status_of(error), body["error"], body["place"])
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    field = ".".join(str(part) for part in first["loc"][1:] if part != "paging")
    return _answer(request, 422, f"{field}: {first['msg']}.", {"file": None, "line": None, "field": field})


def _on_stranger(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    response = _answer(request, 401, "Send a valid API token as `Authorization: Bearer <token>`.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def _on_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(request, 404, "There is no such thing, or it is not yours to see.")


def _on_unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
    return _answer(request, 400, "The body cannot be read; send a JSON object in UTF-8, or the form that is asked for.")


def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return _on_unreadable(request, error)
    return _answer(request, error.status_code, str(error))


def _on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    if (told := told_of(error)) is not None:
        return _on_error(request, told)
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(request, 500, "Something went wrong on our side; it stands in the log with its cause.")


ANSWERS: dict[type[Exception], Any] = {
    NousError: _on_error,
    ValidationError: _on_invalid,
    AuthenticationError: _on_stranger,
    Http404: _on_missing,
    HttpError: _on_http_error,
    MultiPartParserError: _on_unreadable,
    SuspiciousOperation: _on_unreadable,
    Exception: _on_fault,
}
api = _build()
