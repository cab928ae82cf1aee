"""Work that gave up, on its page and in the API: seen by its own workspace, tried again by who may."""

import pytest
from django.test import Client

from nousnous.base import clock
from nousnous.runs.actions import start_run
from nousnous.runs.models import MOST_FAILURES, Run
from nousnous.site.wiring import NAMES, PERFORMERS
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_token, create_workspace
from nousnous.workspaces.models import AuditEntry, Workspace

pytestmark = pytest.mark.django_db
WORK = "/w/acme/work/"
FULL = "Traceback\nOSError: [Errno 28] No space left on device: '/home/ada'"


@pytest.fixture
def acme() -> Workspace:
    return create_workspace(WorkspaceProfile("acme")).workspace


def dead(workspace: Workspace, kind: str = "journeys.visits", trouble: str = FULL) -> Run:
    run = start_run(kind, workspace_id=workspace.id)
    changes = {"status": Run.DEAD, "failures": MOST_FAILURES, "trouble": trouble, "finished_at": clock.now()}
    Run.objects.filter(pk=run.pk).update(**changes)
    return run


def member(workspace: Workspace, role: str = "owner") -> Client:
    client = Client()
    client.force_login(add_member(workspace, f"{role}@acme.example", role).user)
    return client


def bearer(workspace: Workspace, *scopes: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {create_token(workspace, scopes=scopes)[1]}"})


def test_a_workspace_whose_work_is_done_says_what_would_be_seen(acme: Workspace) -> None:
    page = member(acme).get(WORK).content.decode()
    assert "No work gave up" in page
    assert "Here you will see work that failed, and why" in page


def test_work_that_gave_up_says_what_it_was_and_why_and_the_menu_counts_it(acme: Workspace) -> None:
    dead(acme)
    dead(create_workspace(WorkspaceProfile("other")).workspace, "collector.import")
    page = member(acme).get(WORK).content.decode()
    assert "One piece of work gave up" in page
    assert "Finding visits of journeys" in page
    assert "The disk was full." in page
    assert "Import of a file" not in page
    assert '<span class="count">1<span class="sr-only"> gave up</span></span>' in page


def test_the_page_tells_no_more_of_a_fault_than_its_kind(acme: Workspace) -> None:
    dead(acme, trouble="Traceback\nKeyError: 'ada@example.org'")
    page = member(acme).get(WORK).content.decode()
    assert "Something went wrong on our side (KeyError)" in page
    assert "ada@" not in page


def test_work_that_is_tried_again_by_itself_has_no_button(acme: Workspace) -> None:
    run = start_run("journeys.visits", workspace_id=acme.id)
    Run.objects.filter(pk=run.pk).update(failures=2, trouble=FULL)
    page = member(acme).get(WORK).content.decode()
    assert "What failed is tried again" in page
    assert "Try again" not in page


def test_trying_again_is_noted_and_clears_the_page(acme: Workspace) -> None:
    run = dead(acme)
    client = member(acme)
    page = client.post(f"{WORK}{run.id}/retry/", follow=True).content.decode()
    assert "Finding visits of journeys is tried again now." in page
    assert "No work gave up" in page
    run.refresh_from_db()
    assert (run.status, run.failures) == (Run.WAITING, 0)
    noted = AuditEntry.objects.get(workspace=acme, verb="try run again")
    assert (noted.actor, noted.object) == ("owner@acme.example", f"{run.id} Finding visits of journeys")
    assert client.post(f"{WORK}{run.id}/retry/").status_code == 409


def test_who_looks_on_sees_no_button(acme: Workspace) -> None:
    run = dead(acme)
    analyst = member(acme, "analyst")
    assert "Try again" not in analyst.get(WORK).content.decode()
    assert analyst.post(f"{WORK}{run.id}/retry/").status_code == 404


def test_the_api_lists_and_tries_again_what_is_of_its_workspace(acme: Workspace) -> None:
    run = dead(acme)
    other = dead(create_workspace(WorkspaceProfile("other")).workspace)
    start_run("gaps.verdicts", workspace_id=acme.id)
    client = bearer(acme, "runs:read", "runs:write")
    assert len(client.get("/api/v1/runs").json()["items"]) == 2
    (found,) = client.get("/api/v1/runs?status=dead").json()["items"]
    assert (found["id"], found["name"], found["reason"]) == (run.id, NAMES["journeys.visits"], "The disk was full.")
    assert "trouble" not in found
    assert client.post(f"/api/v1/runs/{other.id}/retry").status_code == 404
    assert client.post(f"/api/v1/runs/{run.id}/retry").json()["status"] == "waiting"
    assert client.post(f"/api/v1/runs/{run.id}/retry").status_code == 409
    assert AuditEntry.objects.filter(workspace=acme, verb="try run again").count() == 1


def test_every_kind_of_work_has_a_name() -> None:
    assert set(PERFORMERS) <= set(NAMES)
