"""Whatever a capability asks in its own actions: each answer of the API to a question is the same on Sail as on DuckDB.

Planted things are of one of each kind: here engines are found out that cannot do something at all, an empty table, say.
"""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from tests.engines import servers
from tests.engines.sameness import difference
from tests.engines.test_engines import closing_reader, reading_with
from tests.site.planted import Planted, plant

from nousnous.base import clock
from nousnous.site.api import api
from nousnous.warehouse.engine import reader
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.memory import forget
from nousnous.workspaces.actions import create_token

GROWS = ("/api/v1/audit",)
"""What asking itself adds to."""


def test_every_answer_of_the_api_is_the_same_on_sail(
    transactional_db: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    planted = plant("quokka", tmp_path_factory.mktemp("planted"))
    bearer = {"Authorization": f"Bearer {create_token(planted.workspace)[1]}"}
    with clock.frozen(clock.now_us()):
        embedded = _answers(planted, bearer)
        forget(lake_of(planted.workspace))  # else what is remembered would answer in the engine's place
        with servers.sail(tmp_path_factory.mktemp("engine")) as address, reading_with(address), closing_reader():
            found = _answers(planted, bearer)
            asked = next(reader()._numbers)
    differences = {place: difference(embedded[place], found[place]) for place in embedded}
    assert not {place: told for place, told in differences.items() if told}
    assert {place: told for place, told in embedded.items() if told[0] != HTTPStatus.OK} == {}
    assert asked > len(embedded) / 2, "Sail was hardly asked"


def _answers(planted: Planted, bearer: dict[str, str]) -> dict[str, Any]:
    """Status and body of every `GET` of the API, about the things that are planted."""
    own = planted.own
    people = dict.fromkeys(("person_id", "user_id"), own["person"])
    known = own | people | {"number": "1", "metric": "csat", "screen": "/pay", "survey": own["question"]}
    known |= {"conversation_id": f"{planted.word}-talk"}
    client, found = Client(headers=bearer), {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" not in methods or path in GROWS:
            continue
        parameters = [one["name"] for one in methods["get"].get("parameters", []) if one["in"] == "query"]
        asked = {name: known[name] for name in parameters if name in known}
        named = known | {"number": "0"} if "{session}" in path else known
        if "spreads" in path:
            asked |= {"journey": "shop", "step": "pay"}
        answer = client.get(path.format_map(named), asked)
        plain = answer["Content-Type"].startswith("application/json")
        body = answer.json() if plain else b"".join(answer).decode("utf-8", "replace")
        if isinstance(body, dict):
            body.pop("engine", None)
        found[path] = (answer.status_code, body)
    return found
