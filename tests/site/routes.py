"""Every route of the site, found by machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from tests.capabilities.cases.planted import plant_case
from tests.capabilities.credits.planted import plant_credit
from tests.capabilities.language.planted import plant_conversation
from tests.capabilities.phrases.planted import plant_article, plant_phrase
from tests.capabilities.replays.recorded import bring, page, piece
from tests.capabilities.workshops.planted import plant_workshop
from tests.plays.channels.planted import plant_channel
from tests.plays.planted import plant_play

from nousnous.base import clock
from nousnous.capabilities.gaps.actions.beliefs import write_belief
from nousnous.capabilities.surveys.actions.versions import publish_survey, save_survey
from nousnous.capabilities.themes.models import Theme
from nousnous.collector.models import Import
from nousnous.experiments.actions.keeping import apply_experiment
from nousnous.experiments.actions.proving import apply_fix
from nousnous.facts.beliefs import Statement
from nousnous.facts.evidence import EvidenceFound
from nousnous.journeys.actions.evidence import record_evidence
from nousnous.journeys.actions.segments import apply_segment
from nousnous.journeys.actions.versions import apply_journey
from nousnous.people.models import ErasureReceipt, new_receipt
from nousnous.runs.actions import start_run
from nousnous.runs.models import Run
from nousnous.site.api import api
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_token, create_workspace
from nousnous.workspaces.models import Workspace


@dataclass(frozen=True)
class Route:
    template: str
    name: str
    view: Any

    @property
    def word(self) -> str | None:
        return getattr(self.view, "permission", None)

    def address(self, **values: object) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], "0")), self.template)


@dataclass(frozen=True)
class Endpoint:
    method: str
    template: str
    word: str

    def address(self, **values: object) -> str:
        return "/api" + re.sub(r"{(?:\w+:)?(\w+)}", lambda found: str(values.get(found[1], "0")), self.template)


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield Route(before + str(pattern.pattern), str(pattern.name), pattern.callback)


ROUTES = list(_walk(get_resolver().url_patterns, ""))
WORKSPACE_ROUTES = [route for route in ROUTES if route.template.startswith("w/")]


def endpoints() -> list[Endpoint]:
    return [
        Endpoint(method.upper(), path.removeprefix("/api"), found["description"].rsplit("`", 2)[-2])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, found in methods.items()
    ]


def objects_of(workspace: Workspace) -> dict[str, object]:
    """Values of the parameters in routes that name things of a workspace. A part with a new parameter adds its own."""
    return {
        "workspace": workspace.slug,
        "member": add_member(workspace, f"somebody@{workspace.slug}.example", "viewer").pk,
        "key": workspace.write_keys.get().pk,
        "token": create_token(workspace)[0].pk,
        "suggestion": 0,
        "receipt": _erased(workspace),
        "run": dead_run(workspace).pk,
        "session": _recorded(workspace),
        "import_id": Import.objects.create(workspace=workspace, kind="events", file_name="a.csv", state=Import.DONE).pk,
        "channel": plant_channel(workspace, f"channel-{workspace.id[-8:]}").name,
        "case": plant_case(workspace, "x", "x").pk,
        "credit": plant_credit(workspace, "x", "x").pk,
        "article": plant_article(workspace, f"article-{workspace.id[-8:]}").slug,
        "workshop": plant_workshop(workspace).pk,
        "conversation_id": plant_conversation(workspace, f"talk-{workspace.id[-8:]}"),
        "phrase": plant_phrase(workspace, f"phrase-{workspace.id[-8:]}").key,
        **dict(zip(("play", "firing"), _played(workspace), strict=True)),
        "theme": Theme.objects.create(workspace=workspace, name="x", words={"x": 1.0}, reach=0.5, pinned=True).pk,
        **_mapped(workspace),
    }


def _recorded(workspace: Workspace) -> str:
    session = f"session-{workspace.id[-8:]}"
    bring(workspace, piece(session, page(), sessionId=session))
    return session


def _played(workspace: Workspace) -> tuple[str, str]:
    play, firing = plant_play(workspace, f"play-{workspace.id[-8:]}", "x", "Play")
    return play.play_id, firing.id


def dead_run(workspace: Workspace) -> Run:
    run = start_run("journeys.visits", workspace_id=workspace.id)
    Run.objects.filter(pk=run.pk).update(status=Run.DEAD, finished_at=run.created_at, trouble="KeyError: 'x'")
    return run


def _erased(workspace: Workspace) -> str:
    receipt, now = new_receipt(), clock.now()
    ErasureReceipt.objects.create(receipt=receipt, workspace=workspace, asked_at=now, erased_at=now, identities=1)
    return receipt


def _mapped(workspace: Workspace) -> dict[str, object]:
    """A journey, a fracture and a belief of its step, and a segment, under ids that no other workspace has."""
    journey = f"journey-{workspace.id[-8:]}"
    head = f'[journey]\nid = "{journey}"\ncurrency = "USD"\nhourly_wage = 1\n'
    apply_journey(workspace, f'{head}[[step]]\nid = "pay"\nstarts = {{ event = "x" }}\n', None, "test")
    segment = f"segment-{workspace.id[-8:]}"
    survey = f"survey-{workspace.id[-8:]}"
    asked = '{"id": "q", "kind": "nps", "text": "x"}'
    save_survey(workspace, f'{{"id": "{survey}", "name": "{survey}", "questions": [{asked}]}}', "test")
    publish_survey(workspace, survey, "test")
    apply_segment(workspace, f'[segment]\nname = "{segment}"\n[[condition]]\nevent = "x"\n', None, "test")
    experiment = f"experiment-{workspace.id[-8:]}"
    fix = f"fix-{workspace.id[-8:]}"
    told = f'journey = "{journey}"\nstep = "pay"\nmetric = "completion"\nchosen = 2026-01-05\nshipped = 2026-02-02\n'
    apply_fix(workspace, f'[fix]\nid = "{fix}"\n{told}', None, "test")
    arms = '[[variant]]\nid = "a"\n[[variant]]\nid = "b"\n'
    apply_experiment(workspace, f'[experiment]\nid = "{experiment}"\nreading = "any time"\n{arms}', None, "test")
    fracture = record_evidence(workspace, EvidenceFound(journey, "pay", "note", felt="x"), "test")
    belief = write_belief(workspace, Statement(journey, "pay", "completion", 0.9, "team"))
    return {
        "journey": journey,
        "step": "pay",
        "number": 1,
        "segment": segment,
        "experiment": experiment,
        "fix": fix,
        "survey": survey,
        "evidence": fracture.id,
        "belief": belief.id,
        "form": "csv",
    }


def two_workspaces() -> tuple[Workspace, Workspace]:
    made = [create_workspace(WorkspaceProfile(slug)).workspace for slug in ("acme", "other")]
    for workspace in made:
        add_member(workspace, f"owner@{workspace.slug}.example", "owner")
    return made[0], made[1]
