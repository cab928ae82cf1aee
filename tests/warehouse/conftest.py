"""One server that speaks S3 for all tests of this folder."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests import bucket as buckets
from tests.bucket import Bucket

from nousnous.base.ids import random_id
from nousnous.warehouse import engine


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with buckets.server() as running:
        yield running


@pytest.fixture
def in_bucket(bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty lake, which the settings name."""
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    address = f"s3://nous/{random_id('x')[2:]}/lake"
    settings.NOUS = replace(settings.NOUS, lake=address)
    monkeypatch.setattr(engine, "_local", threading.local())
    return address
