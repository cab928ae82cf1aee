"""Every endpoint of the API does what its schema says, whatever it is asked: requests drawn from the schema, some of
whose values name real things, or are at the edge of what can be."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.site.planted import JOURNEY, SEGMENT, Planted, plant

from nousnous.workspaces.actions import create_token
from nousnous.workspaces.paging import cursor_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LAST = {"get": 0, "post": 1, "put": 2, "delete": 3}
EXAMPLES = 6
"""How many requests are drawn for each parameter and field that an endpoint takes."""
DRAWN = settings(derandomize=True, database=None, suppress_health_check=list(HealthCheck))
MOMENTS = ("2024-01-01", "0001-01-01", "9999-12-31", "2024-01-01T00:00:00+14:00")
PLACES = ((), (None,), (10**30,), (-1, 10**20), ("a", 1), (1, "a"), ({"a": [1]},), (1.5, True), ("\x00",))


@pytest.fixture
def planted(transactional_db: None, tmp_path: Path) -> Planted:
    return plant("quokka", tmp_path)


def operations() -> Iterator[Any]:
    """Every operation of the served schema, those that take something away last; answers hold nothing that they do not
    name, but for the export of a person, in which parts that keep something tell it under names of their own."""
    served = Client().get("/api/openapi.json").json()
    for name, one in served["components"]["schemas"].items():
        if "Shape" in name and name != "ExportShape":
            one["additionalProperties"] = False
    schema = schemathesis.openapi.from_dict(served)
    schema.app = get_wsgi_application()
    found = [result.ok() for result in schema.get_all_operations()]
    yield from sorted(found, key=lambda one: LAST[one.method])


def told(planted: Planted) -> Mapping[str, tuple[Any, ...]]:
    """By the name of a parameter or field, values that mean something."""
    own = planted.own
    names = {name: (value,) for name, value in own.items() if name not in {"key", "message"}}
    people = (own["person"], own["merged"], "ada")
    texts = (JOURNEY.format(**own | {"word": "quokka"}), SEGMENT.format(**own | {"word": "quokka"}))
    return names | {
        "import_id": (own["import_id"], own["survey"], own["waiting"]),
        "key": (own["key"],),
        "number": (1, 10**20),
        "journey": (own["journey"], "shop"),
        "step": (own["step"], "pay"),
        "segment": (own["segment"], f"country={own['country']}", "country="),
        "by": ("country",),
        **dict.fromkeys(("person", "person_id", "previous_id", "known_id"), people),
        **dict.fromkeys(("from", "to", "stated_at", "expires_at"), MOMENTS),
        "cursor": tuple(cursor_of(*place) for place in PLACES),
        "metric": ("completion", "duration_p50"),
        "value": (0.5, 1e308),
        "tolerance": (0.02, -0.0),
        "purpose": ("contact",),
        "state": ("granted",),
        "scopes": (["gaps:read"],),
        "text": texts,
        "moment_us": (1, 10**30),
        "kind": ("note", "event"),
        "caps_s": ({own["step"]: 1.0}, {"pay": -1e308}),
    }


def test_every_endpoint_answers_what_its_schema_says(planted: Planted) -> None:
    secret, known = create_token(planted.workspace)[1], told(planted)
    troubles: dict[str, str] = {}
    for operation in operations():

        @settings(DRAWN, max_examples=1 + EXAMPLES * _parameters(operation))
        @given(case=operation.as_strategy(), data=st.data())
        def ask(case: Case, data: st.DataObject) -> None:
            _mean_something(case, known, data)
            answer = case.call(headers=_headers(secret))
            assert answer.status_code != 401
            case.validate_response(answer, checks=CHECKS)

        try:
            ask()
        except (Exception, FailureGroup) as trouble:
            troubles[operation.label] = str(trouble)
    assert not troubles, "\n\n".join(f"{label}: {trouble}" for label, trouble in troubles.items())


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("gaps?journey=shop&to=0001-01-01", None),
        ("gaps?journey=shop&from=9999-12-31T23:59:59-14:00", None),
        ("events?cursor=" + cursor_of(-1, 10**20), None),
        ("gaps/shop/simulate", {"caps_s": {"pay": 1e308}}),
        ("evidence", {"journey": "shop", "step": "pay", "felt": "x", "moment_us": 10**30}),
        ("evidence", {"journey": "shop", "step": "pay", "reference": "x" * 501}),
        ("beliefs", {"journey": "shop", "step": "pay", "metric": "completion", "value": 0.5, "author": "x" * 201}),
        ("consents", {"person_id": "ada", "purpose": "contact", "state": "granted", "expires_at": "0001-01-01T00:00"}),
        ("segments", {"text": "x = " + "[" * 3000}),
        ("segments", {"text": SEGMENT.format(segment="n" * 121, word="x")}),
        ("journeys", {"text": "x = " + "[" * 3000}),
    ],
)
def test_what_no_column_or_calendar_holds_is_refused(planted: Planted, address: str, body: Any) -> None:
    client = Client(headers=_headers(create_token(planted.workspace)[1]))
    asked = {"content_type": "application/json"} if body else {}
    answer = (client.post if body else client.get)(f"/api/v1/{address}", body, **asked)
    assert (answer.status_code, set(answer.json())) == (422, {"error", "place"})


def _parameters(operation: Any) -> int:
    return len([*operation.path_parameters, *operation.query]) + 3 * len([*operation.body])


def _mean_something(case: Case, known: Mapping[str, tuple[Any, ...]], data: st.DataObject) -> None:
    """Put known values in the place of three in four that were drawn, and leave out half of what may be left out."""
    optional = [one.name for one in case.operation.query if not one.is_required and one.name in case.query]
    for name in optional:
        if data.draw(st.booleans()):
            del case.query[name]
    for part in (case.path_parameters, case.query, case.body if isinstance(case.body, dict) else {}):
        for name in sorted(part.keys() & known.keys()):
            if data.draw(st.integers(0, 3)):
                part[name] = data.draw(st.sampled_from(known[name]))


def _headers(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
