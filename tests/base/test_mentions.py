"""An id is found in whatever way a client wrote it, and never within another one."""

import base64
import doctest
import json
from urllib.parse import quote, quote_plus

import pytest

from nousnous.base import mentions
from nousnous.base.mentions import NAMELESS, Mentions

ODD = 'jür"g\\en%41+1@example.org 😀'
WRITTEN = {
    "plainly": ODD,
    "as JSON": json.dumps(ODD),
    "as JSON within JSON": json.dumps(json.dumps({"row": ODD})),
    "as JSON with letters of its own": json.dumps(ODD, ensure_ascii=False),
    "in capitals": json.dumps(ODD).replace("\\ud83d", "\\uD83D"),
    "in an address": "/pay?who=" + quote(ODD, safe=""),
    "in a form": quote_plus(ODD),
    "in an address within JSON": json.dumps({"url": quote(ODD)}),
    "in CSV": '"' + ODD.replace('"', '""') + '"',
    "in CSV within JSON": json.dumps('"' + ODD.replace('"', '""') + '"'),
    "by Python": repr(repr(ODD)),
    "in base64": base64.b64encode(json.dumps({"id": ODD}).encode()).decode(),
    "in base64 in a form": "data=" + quote_plus(base64.b64encode(json.dumps({"id": ODD}).encode()).decode()),
}


def test_the_examples_are_true() -> None:
    assert doctest.testmod(mentions).failed == 0


@pytest.mark.parametrize("way", WRITTEN)
def test_an_id_is_found_however_it_was_written(way: str) -> None:
    assert Mentions(("bob", ODD)).stand_in(WRITTEN[way])
    assert Mentions((ODD,)).stand_in(WRITTEN[way].encode())
    assert ODD not in Mentions((ODD,)).without(WRITTEN[way])
    assert not Mentions((ODD + "x", "example")).stand_in(WRITTEN[way])


def test_an_id_of_letters_that_json_escapes_is_found() -> None:
    assert Mentions(("李雷",)).stand_in(json.dumps({"userId": "李雷"}))


def test_an_id_is_no_part_of_a_longer_one() -> None:
    mine = Mentions(("ada", "12"))
    assert not mine.stand_in('ada2 ada@example.org b.ada ada+x ada-1 "total": 12.50')
    assert mine.without("a visit of ada. Then ada2") == f"a visit of {NAMELESS}. Then ada2"
    assert mine.without("ada.csv.gz, ada.json, ada.lovelace") == f"{NAMELESS}.csv.gz, {NAMELESS}.json, ada.lovelace"


def test_what_is_no_text_stays_in_a_json_value() -> None:
    value = {"asked": {"ada": ["ada", 12, None, True]}, "n": 12}
    assert Mentions(("ada", "12")).without_in(value) == {"asked": {"ada": [NAMELESS, 12, None, True]}, "n": 12}


def test_nobody_is_in_every_text() -> None:
    assert not Mentions(("",)).stand_in("anything")
