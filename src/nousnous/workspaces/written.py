"""Answers of the API that are JSON already when the endpoint returns them."""

from typing import Generic, TypeVar

from django.http import HttpResponse

S = TypeVar("S")


class Written(HttpResponse, Generic[S]):
    """The text of an S."""
