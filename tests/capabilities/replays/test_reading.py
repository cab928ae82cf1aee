"""What was recorded is found again: the list, a replay with its moments, its pieces."""

import json

import pyarrow as pa
import pytest
from tests.capabilities.replays.recorded import START_US, bring, click, page, piece

from nousnous.base.errors import Missing
from nousnous.capabilities.replays.actions.reading import ReplayQuery, chunk_events, list_replays, read_replay
from nousnous.collector.landing import Landed, land
from nousnous.facts.events import EVENTS
from nousnous.facts.scores import SCORES
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.objects import objects_of
from nousnous.workspaces.models import Workspace

LATER = page(20_000, "/pay")


def tell(workspace: Workspace, name: str, at_s: float, **columns: object) -> None:
    row = {"message_id": f"m-{name}", "type": "track", "event": name, "ts_us": START_US + round(at_s * 1e6)}
    named = {**row, "user_id": "ada", "anonymous_id": "device", "session_id": "s-1", "properties": "{}", **columns}
    land(workspace, EVENTS, pa.Table.from_pylist([named]))


def lived(workspace: Workspace) -> None:
    """A session of two pieces, the later one first; another session of somebody else."""
    bring(workspace, piece("c-2", [*LATER, click(21_000), click(24_000), click(60_000)], sequence=2, screen="/pay"))
    bring(workspace, piece("c-1", [*page(), click(1_000)]))
    bring(workspace, piece("c-9", page(-90_000), sessionId="s-0", userId=None, anonymousId="other", screen="/"))
    tell(workspace, "Rage Click", 22, screen="/pay", element="button#pay")
    tell(workspace, "Error Occurred", 23, properties='{"message": "no route"}')
    score = {"score_id": "a1", "ts_us": START_US + 62_000_000, "user_id": "ada", "metric": "nps", "value": 1.0}
    land(workspace, SCORES, pa.Table.from_pylist([{**score, "scale_low": 0.0, "scale_high": 10.0}]))


def test_a_replay_is_listed_with_what_its_session_tells(workspace: Workspace) -> None:
    lived(workspace)
    newest, older = list_replays(workspace, ReplayQuery())
    assert (newest.session_id, newest.person_id, older.person_id) == ("s-1", "ada", "other")
    assert (newest.started_us, newest.duration_us, newest.active_us) == (START_US, 60_000_000, 3_000_000)
    assert (newest.screens, newest.signals, newest.errors, newest.chunks) == (("/cart", "/pay"), 1, 1, 2)
    assert newest.lowest is not None
    assert newest.lowest.value == 1
    assert [one.session_id for one in list_replays(workspace, ReplayQuery(limit=1))] == ["s-1"]
    after = ReplayQuery(after=(newest.started_us, newest.session_id))
    assert [one.session_id for one in list_replays(workspace, after)] == ["s-0"]


@pytest.mark.parametrize(
    "query",
    [
        ReplayQuery(person="ada"),
        ReplayQuery(person="device"),
        ReplayQuery(screen="/pay"),
        ReplayQuery(signal="Rage Click"),
        ReplayQuery(from_us=START_US),
    ],
)
def test_replays_are_found_by_who_where_what_and_when(workspace: Workspace, query: ReplayQuery) -> None:
    lived(workspace)
    assert [one.session_id for one in list_replays(workspace, query)] == ["s-1"]


def test_pieces_stand_in_order_and_a_gap_between_them_is_told(workspace: Workspace) -> None:
    lived(workspace)
    replay = read_replay(workspace, "s-1")
    assert [(one.number, one.sequence, one.whole) for one in replay.chunks] == [(0, 0, True), (1, 2, True)]
    assert [(gap.pieces, gap.from_us - START_US, gap.to_us - START_US) for gap in replay.gaps] == [
        (1, 1_000_000, 20_000_000)
    ]
    assert json.loads(chunk_events(workspace, "s-1", 1))[:2] == LATER
    assert [(one.kind, one.sentence) for one in replay.moments] == [
        ("signal", "Raged at “button#pay”"),
        ("error", "Error: no route"),
        ("answer", "Answered 1 of 10 (NPS)"),
    ]


def test_the_same_piece_again_adds_nothing_and_changes_nothing(workspace: Workspace) -> None:
    bring(workspace, piece("c-1", page()))
    assert bring(workspace, piece("c-1", [*page(), click(5)])) == [Landed(0, 1, 0)]
    assert json.loads(chunk_events(workspace, "s-1", 0)) == page()
    assert len(list(objects_of(lake_of(workspace)).standing())) == 1


def test_what_is_not_there_is_said_in_a_sentence(workspace: Workspace) -> None:
    bring(workspace, piece("c-1", page()))
    with pytest.raises(Missing, match="There is no replay of a session “s-7”"):
        read_replay(workspace, "s-7")
    with pytest.raises(Missing, match="The replay has 1 pieces"):
        chunk_events(workspace, "s-1", 1)
    objects = objects_of(lake_of(workspace))
    objects.delete(objects.standing())
    with pytest.raises(Missing, match="This piece of the recording is gone"):
        chunk_events(workspace, "s-1", 0)
