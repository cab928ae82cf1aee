"""Exposures stand in columns of their own, whoever tells of them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nousnous.collector.dialects import posthog, segment
from nousnous.collector.entries import Arrival, Entry, row_of

SEGMENT = {
    "type": "track",
    "event": "Experiment Viewed",
    "userId": "u1",
    "properties": {"experiment_id": "short-form", "variation_id": 2, "variation_name": "short"},
}
POSTHOG = {
    "event": "$feature_flag_called",
    "distinct_id": "u1",
    "properties": {"$feature_flag": "short-form", "$feature_flag_response": True},
}


@pytest.mark.parametrize(("read", "body", "variant"), [(segment.read, SEGMENT, "2"), (posthog.read, POSTHOG, "on")])
def test_an_exposure_names_its_experiment_and_its_variant(
    read: Callable[[Arrival], Iterator[Any]], body: dict[str, Any], variant: str
) -> None:
    arrival = Arrival("ws", "s", "segment", "/v1/track", 1_767_607_205_000_000, "", json.dumps(body).encode())
    (entry,) = read(arrival)
    assert isinstance(entry, Entry)
    row = row_of(entry, arrival)
    assert (row["event"], row["experiment"], row["variant"]) == ("Experiment Viewed", "short-form", variant)


def test_the_variant_of_a_product_is_no_arm() -> None:
    body = {**SEGMENT, "event": "Product Added", "properties": {"variant": "black", "experiment_id": "short-form"}}
    arrival = Arrival("ws", "s", "segment", "/v1/track", 1_767_607_205_000_000, "", json.dumps(body).encode())
    (entry,) = segment.read(arrival)
    assert isinstance(entry, Entry)
    assert row_of(entry, arrival).get("variant") is None
