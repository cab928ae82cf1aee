"""Every endpoint of the API says what it answers, in a type that a client can be made from."""

from typing import TypedDict

import pytest
from ninja.operation import Operation

from nousnous.base.shapes import Items
from nousnous.site.api import api
from nousnous.site.contract import answer_of


@pytest.mark.parametrize("name", api.operations)
def test_an_endpoint_names_the_type_that_it_answers(name: str) -> None:
    assert answer_of(api.operations[name]) is not None


class Known(TypedDict):
    id: str


@pytest.mark.parametrize(
    ("returned", "typed"),
    [(dict, False), (dict[str, object], False), (Items[object], False), (Items[Known], True), (dict[str, int], True)],
)
def test_a_dictionary_of_anything_is_no_type(returned: type, typed: bool) -> None:
    def answer(request: object) -> None: ...

    answer.__annotations__["return"] = returned
    assert (answer_of(Operation("/known", ["GET"], answer)) is not None) is typed
