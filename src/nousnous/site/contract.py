"""The contract of the API: what each endpoint answers, read from the type that its function returns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from http import HTTPStatus
from types import UnionType
from typing import Any, Final, TypedDict, get_args, get_origin, get_type_hints

import msgspec
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from ninja import Schema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder, Status
from pydantic import BaseModel, BeforeValidator, Strict

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
    _name_each_once(operations.values())
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


def take_exactly(operation: Operation) -> None:
    """Have numbers and truths of a body taken as JSON has them: false is no number, 1 no truth, neither a moment."""
    for model in _bodies([operation]):
        for body in _types_of(model):
            for field in body.model_fields.values():
                kinds = {field.annotation, *get_args(field.annotation)}
                field.metadata += [EXACTLY[kind] for kind in EXACTLY if kind in kinds]
            body.model_rebuild(force=True)
        model.model_rebuild(force=True)


def _is_number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("write a number, without quotes")  # noqa: TRY004  # Pydantic tells a ValueError
    return value


def _is_text(value: Any) -> Any:
    if not isinstance(value, str | None):
        raise ValueError("write it as 2024-01-31T12:00Z")  # noqa: TRY004  # as above
    return value


EXACTLY: Final[Mapping[type, Any]] = {
    int: BeforeValidator(_is_number),
    float: BeforeValidator(_is_number),
    bool: Strict(),
    datetime: BeforeValidator(_is_text),
}


def _name_each_once(operations: Iterable[Operation]) -> None:
    """Bodies are told by the names of their types: of two types with one name the schema would tell one for both."""
    named: dict[str, type] = {}
    for body in (body for model in _bodies(operations) for body in _types_of(model)):
        if named.setdefault(body.__name__, body) is not body:
            raise ImproperlyConfigured(f"Two endpoints take different things by one name: {body.__name__}.")


def _bodies(operations: Iterable[Operation]) -> Iterator[type[BaseModel]]:
    return (model for one in operations for model in one.models if model.__ninja_param_source__ == "body")


def _types_of(model: type[BaseModel]) -> list[type[Schema]]:
    told = [field.annotation for field in model.model_fields.values()]
    return [one for one in told if isinstance(one, type) and issubclass(one, Schema)]


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
