"""The contract of the API: what each endpoint answers, read from the type that its function returns."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from http import HTTPStatus
from types import UnionType
from typing import Any, Final, TypedDict, get_args, get_origin, get_type_hints

import msgspec
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder, Status

from nousnous.workspaces.written import Written

Json = dict[str, Any]
REFERENCES: Final = "#/components/schemas/{name}"
VAGUE: Final = (Any, object, dict, list, Mapping, HttpResponse)


class ProblemPlace(TypedDict):
    """Where the trouble lies."""

    file: str | None
    line: int | None
    field: str | None


class Problem(TypedDict):
    """What cannot be done: one sentence says what, where and what to do."""

    error: str
    place: ProblemPlace | None


PROBLEMS: Final = {
    400: "The body cannot be read.",
    401: "There is no valid token.",
    403: "The scope is missing.",
    404: "It is not there, or not yours.",
    409: "It was changed or taken meanwhile.",
    422: "The input is wrong.",
    503: "Try again later.",
}
OK: Final = {200: "Done.", 201: "Made.", 202: "Under way.", 204: "Done."}
TEXT: Final = {"schema": {"type": "string"}}
HEADERS: Final[Mapping[int, Json]] = {401: {"WWW-Authenticate": TEXT}, 503: {"Retry-After": TEXT}}


class Encoder(NinjaJSONEncoder):
    """Writes a frozen result field by field."""

    def default(self, o: Any) -> Any:
        if is_dataclass(o):
            return {field.name: getattr(o, field.name) for field in fields(o)}
        return super().default(o)


class Renderer(JSONRenderer):
    encoder_class = Encoder


def answer_of(operation: Operation) -> Any:
    """The type that an endpoint answers; None where it does not say more than that it is JSON."""
    told = get_type_hints(operation.view_func, include_extras=True)["return"]
    if get_origin(told) in {Status, Written}:
        (told,) = get_args(told)
    return None if _is_vague(told) else told


def _is_vague(told: Any) -> bool:
    return told in VAGUE or any(map(_is_vague, get_args(told)))


def complete(schema: Json, operations: Mapping[str, Operation]) -> None:
    """Put into an OpenAPI document what each of its operations answers, well or badly."""
    typed = {name: answer_of(one) or Json for name, one in operations.items()}
    told_types = [Problem, *(one for told in typed.values() for one in _either(told))]
    (problem, *found), shapes = msgspec.json.schema_components(told_types, ref_template=REFERENCES)
    parts, each = schema["components"], iter(found)
    answers = {name: _any_of([next(each) for _ in _either(told)]) for name, told in typed.items()}
    if twice := parts["schemas"].keys() & shapes.keys():
        raise ImproperlyConfigured(f"Something that is taken and something that is answered share a name: {twice}.")
    parts["schemas"] |= {name: _whole(one) for name, one in shapes.items()}
    parts["responses"] = {_name(status): _problem(status, problem) for status in PROBLEMS}
    for path in schema["paths"].values():
        for told in path.values():
            operation, answer = operations[told["operationId"]], _in_json(answers[told["operationId"]])
            told["responses"] = {
                **{one: {"description": OK[one]} | (answer if one != 204 else {}) for one in operation.response_models},
                **{one: {"$ref": f"#/components/responses/{_name(one)}"} for one in _problems(operation)},
            }


def _either(told: Any) -> tuple[Any, ...]:
    return get_args(told) if get_origin(told) is UnionType else (told,)


def _any_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _problems(operation: Operation) -> Iterator[int]:
    """With which problems an endpoint may answer."""
    if any(model.__ninja_param_source__ in {"body", "form", "file"} for model in operation.models):
        yield 400
    if operation.auth_callbacks:
        yield from (401, 403)
    yield 404
    if operation.methods != ["GET"]:
        yield 409
    yield from (422, 503)


def _problem(status: int, schema: Json) -> Json:
    return {"description": PROBLEMS[status], **_in_json(schema), "headers": HEADERS.get(status, {})}


def _in_json(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _whole(schema: Json) -> Json:
    """A frozen result is told with all its fields, those that have a default, too."""
    members = schema.get("properties", {})
    defaults = [name for name, one in members.items() if "default" in one]
    for name in defaults:
        del members[name]["default"]
    return schema | {"required": [*schema["required"], *defaults]} if defaults else schema
