"""What pieces come to is kept beside them, and is as if they were counted: whatever comes, goes or breaks."""

from typing import Any

import pytest
from tests.capabilities.replays.recorded import START_US, bring, click, page, piece

from nousnous.base import clock
from nousnous.capabilities.replays.actions.reading import ReplayQuery, ReplaySummary, list_replays, read_replay
from nousnous.facts.replays import REPLAY_CHUNKS, REPLAY_SESSIONS
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.merges import merge_persons
from nousnous.warehouse import sessions
from nousnous.warehouse.actions import carry_out_retention
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import forget
from nousnous.warehouse.sessions import make_sessions
from nousnous.workspaces.models import Workspace


def lived(workspace: Workspace) -> None:
    """Two sessions in three landings, the middle piece of the first comes late; bob's is old."""
    bring(workspace, piece("c-3", [*page(20_000, "/pay"), click(21_000)], sequence=2, screen="/pay"))
    bring(workspace, piece("c-1", page()), piece("c-9", page(-95 * 86_400_000), sessionId="s-0", userId="bob"))
    bring(workspace, piece("c-2", [click(5_000), click(9_000)], sequence=1))


def of_pieces(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[ReplaySummary]:
    """The list as it is when nothing is kept and every piece is counted."""
    with monkeypatch.context() as counted:
        counted.setattr(sessions, "_counted", lambda _: -1)
        forget(lake_of(workspace))
        return list_replays(workspace, ReplayQuery())


def rows(workspace: Workspace) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lake_of(workspace).snapshot().table(REPLAY_SESSIONS).to_pyarrow().to_pylist()
    return found


def unread(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> list[ReplaySummary]:
    """The list, which fails if it looks for all pieces."""
    files, asked = Snapshot.files, list[object]()

    def noted(snapshot: Snapshot, table: Any, within: Any = None) -> list[str]:
        asked.extend([table] if table is REPLAY_CHUNKS and within is None else [])
        return files(snapshot, table, within)

    with monkeypatch.context() as watched:
        watched.setattr(Snapshot, "files", noted)
        forget(lake_of(workspace))
        found = list_replays(workspace, ReplayQuery())
    assert asked == []
    return found


def test_a_list_is_read_from_what_is_kept_and_says_what_the_pieces_say(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(workspace)
    found = unread(monkeypatch, workspace)
    assert found == of_pieces(workspace, monkeypatch)
    assert [(one.session_id, one.chunks, one.active_us, one.screens) for one in found] == [
        ("s-1", 3, 4_000_000, ("/cart", "/pay")),
        ("s-0", 1, 0, ("/cart",)),
    ]
    assert len(rows(workspace)) == 4
    make_sessions(lake_of(workspace))
    assert (len(rows(workspace)), unread(monkeypatch, workspace)) == (2, found)


def test_it_is_right_at_once_after_a_term_a_merge_and_an_erasure(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(workspace)
    with clock.frozen(START_US + clock.DAY_US):
        carry_out_retention(workspace)
    assert [one.session_id for one in unread(monkeypatch, workspace)] == ["s-1"]
    bring(workspace, piece("c-8", page(1_000), sessionId="s-8", userId="carl", anonymousId="phone"))
    merge_persons(workspace, "carl", "ada")
    one, other = unread(monkeypatch, workspace)
    assert one.person_key == other.person_key
    assert {found.session_id for found in list_replays(workspace, ReplayQuery(person="carl"))} == {"s-1", "s-8"}
    erase_person(workspace, "ada")
    assert (unread(monkeypatch, workspace), rows(workspace)) == ([], [])


def test_a_session_of_two_loses_the_part_of_who_is_erased(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(
        workspace, piece("c-1", page(), userId=None, anonymousId="till"), piece("c-2", page(9_000, "/x"), screen="/x")
    )
    erase_person(workspace, "ada")
    (left,) = unread(monkeypatch, workspace)
    assert (left.person_id, left.chunks, left.screens) == ("till", 1, ("/cart",))


@pytest.mark.parametrize("broken", ["note_pieces", "lost"])
def test_what_a_killed_process_left_out_is_counted_from_pieces_and_mended_by_the_next_landing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    if broken == "lost":
        lived(workspace)
        lake_of(workspace).drop(REPLAY_SESSIONS)
    else:
        with monkeypatch.context() as killed:
            killed.setattr("nousnous.collector.landing.note_pieces", lambda *_: None)
            lived(workspace)
    assert [one.chunks for one in list_replays(workspace, ReplayQuery())] == [3, 1]
    bring(workspace, piece("c-4", [click(30_000)], sequence=3))
    assert [one.chunks for one in unread(monkeypatch, workspace)] == [4, 1]


def test_pieces_are_looked_for_where_their_session_lies(workspace: Workspace) -> None:
    lived(workspace)
    replay, snapshot = read_replay(workspace, "s-1"), lake_of(workspace).snapshot(REPLAY_CHUNKS)
    assert [one.sequence for one in replay.chunks] == [0, 1, 2]
    assert len(snapshot.files(REPLAY_CHUNKS)) == 3
    span = (START_US + 19_000_000, START_US + 21_000_000)
    (file,) = snapshot.files(REPLAY_CHUNKS, span)
    (row,) = snapshot.picked(REPLAY_CHUNKS, ("chunk_id",), span, session_id=["s-1"]).to_pylist()
    assert (row["chunk_id"], file.startswith(lake_of(workspace).path(REPLAY_CHUNKS))) == ("c-3", True)
    assert snapshot.picked(REPLAY_CHUNKS, ("chunk_id",), session_id=[]).to_pylist() == []
