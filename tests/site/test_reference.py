"""The API is read by people, too: every endpoint with its scope and what it takes, on a page and in the reference."""

import doctest

import pytest
from django.test import Client

import nousnous.site.reference
from nousnous.site.api import api
from nousnous.site.reference import endpoints_by_part
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_workspace


def test_every_endpoint_stands_in_one_part_with_its_scope_and_fields() -> None:
    schema = api.get_openapi_schema()
    found = [one for part in endpoints_by_part(schema).values() for one in part]
    assert {(one.method.lower(), one.path) for one in found} == {
        (method, path) for path, methods in schema["paths"].items() for method in methods
    }
    written = {f"{one.method} {one.path}": one for one in found}["POST /api/v1/beliefs"]
    assert (written.scope, "Scope" in written.meaning) == ("beliefs:write", False)
    assert {"journey", "metric", "value"} <= {field.name for field in written.fields}


@pytest.mark.django_db
def test_the_page_of_the_api_names_every_address_and_needs_no_script() -> None:
    client = Client()
    client.force_login(add_member(create_workspace(WorkspaceProfile("acme")).workspace, "ann@acme.example").user)
    page = client.get("/api/docs").content.decode()
    assert all(path.replace("/", "<wbr>/").removeprefix("<wbr>") in page for path in api.get_openapi_schema()["paths"])
    assert page.count("<script") == 1
    assert "<code>history</code>" in page


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(nousnous.site.reference).failed == 0
