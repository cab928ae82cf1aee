"""What pages say while no journey is drawn: what is missing, and what will be here."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from nousnous.workspaces.access import WorkspaceRequest


@dataclass(frozen=True, slots=True)
class Nothing:
    """The title of a page without a journey, and what it will show."""

    title: str
    later: str


NO_GAP: Final = Nothing(
    "No gap yet: no journey is drawn", "Here you will see, step by step, what teams believe and what customers live"
)
NO_STEP: Final = Nothing(
    "A belief is about a step: no journey is drawn", "Here a team writes down what it thinks it delivers at its step"
)
NOT_READY: Final = Nothing(
    "Nothing to get ready: no journey is drawn",
    "Here you will see what each journey lacks before a gap can lead to a decision",
)


def without_journey(request: WorkspaceRequest, nothing: Nothing) -> HttpResponse:
    return render(request, "gaps/nothing.html", {"nothing": nothing})
