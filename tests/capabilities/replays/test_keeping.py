"""What was recorded goes when it should: after its term, with its person, after a crash; and never comes without
consent."""

import json
from dataclasses import replace

import pytest
from tests.capabilities.replays.recorded import START_US, bring, page, piece

from nousnous.base import clock
from nousnous.base.errors import Missing, Unavailable
from nousnous.capabilities.replays.actions.reading import ReplayQuery, chunk_events, list_replays
from nousnous.collector.landing import Landed
from nousnous.people.actions.consents import decide_consent, need_consent
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.warehouse.actions import carry_out_retention
from nousnous.warehouse.lake import Lake, lake_of
from nousnous.warehouse.objects import Objects, objects_of, store_at
from nousnous.workspaces.models import Workspace


def kept(workspace: Workspace) -> int:
    return len(list(objects_of(lake_of(workspace)).standing()))


def sessions(workspace: Workspace) -> list[str]:
    return [one.session_id for one in list_replays(workspace, ReplayQuery())]


def test_after_ninety_days_objects_go_with_a_receipt(workspace: Workspace) -> None:
    bring(workspace, piece("c-1", page()), piece("c-2", page(-100 * 86_400_000), sessionId="s-old"))
    with clock.frozen(START_US + clock.DAY_US):
        (receipt,) = carry_out_retention(workspace)
    assert (receipt.table, receipt.rows, sessions(workspace), kept(workspace)) == ("replay_chunks", 1, ["s-1"], 1)


def test_an_erased_person_leaves_no_object_and_is_taken_out_of_those_of_others(workspace: Workspace) -> None:
    who = "ada-whom-nobody-else-is-called"
    said = {"type": 5, "timestamp": page()[0]["timestamp"], "data": {"tag": "said", "payload": f"to {who}"}}
    bring(workspace, piece("c-1", page(), userId=who), piece("c-2", [*page(), said], sessionId="s-2", userId="bob"))
    told = export_person(workspace, who)["replay_chunks"]
    assert [(row["session_id"], row["moments"]) for row in told] == [("s-1", 2)]
    erase_person(workspace, who)
    assert (sessions(workspace), kept(workspace)) == (["s-2"], 1)
    left = chunk_events(workspace, "s-2", 0)
    assert json.loads(left)[-1]["data"]["payload"] == "to an erased person"
    assert bring(workspace, piece("c-1", page(), userId=who)) == [Landed(0, 0, 1)]
    assert kept(workspace) == 1


@pytest.mark.parametrize("needed", [True, False])
def test_nothing_is_recorded_of_who_did_not_allow_it(workspace: Workspace, needed: bool) -> None:
    need_consent(workspace, "replays", needed=needed)
    decide_consent(workspace, "bob", "replays", "granted" if needed else "denied")
    bring(workspace, piece("c-1", page()), piece("c-2", page(), sessionId="s-2", userId="bob"))
    assert (sessions(workspace), kept(workspace)) == (["s-2"] if needed else ["s-1"], 1)


def test_a_crash_between_object_and_index_loses_nothing_and_doubles_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Lake, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            bring(workspace, piece("c-1", page()))
    assert (sessions(workspace), kept(workspace)) == ([], 1)
    bring(workspace, piece("c-1", page()))
    assert (sessions(workspace), kept(workspace)) == (["s-1"], 1)
    assert json.loads(chunk_events(workspace, "s-1", 0)) == page()


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_no_row_names_is_swept_every_day(workspace: Workspace) -> None:
    bring(workspace, piece("c-1", page()))
    objects = objects_of(lake_of(workspace))
    objects.put("abandoned/piece.json.zst", b"[]")
    with clock.frozen(START_US):
        assert carry_out_retention(workspace) == []
    assert (kept(workspace), sessions(workspace)) == (1, ["s-1"])


def test_a_store_that_cannot_be_reached_is_no_lost_recording(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("AWS_ENDPOINT_URL", "http://127.0.0.1:9"), ("AWS_ALLOW_HTTP", "true")):
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.setenv(name, "none")
    away = replace(objects_of(lake_of(workspace)), store=store_at("s3://away/path"))
    with pytest.raises(Unavailable, match="cannot be reached"):
        away.get("a/b.json.zst")


def test_a_workspace_reaches_no_object_of_another(workspace: Workspace) -> None:
    bring(workspace, piece("c-1", page()))
    other = Workspace.objects.create(slug="south", name="South")
    bring(other, piece("c-1", page(), userId="bob"))
    (key,) = objects_of(lake_of(workspace)).standing()
    assert key not in set(objects_of(lake_of(other)).standing())
    with pytest.raises(Missing):
        Objects(other.id, objects_of(lake_of(other)).store).get(key)
