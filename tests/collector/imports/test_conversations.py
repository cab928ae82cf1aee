"""Conversations come in from exports, tables and plain files: once each, cleaned, masked, with stated outcomes."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.collector.imports.conftest import Write
from tests.places import SHARED_DATA

from nousnous.base.errors import Refused
from nousnous.collector.imports.actions import Upload, import_file, preview_file, undo_import
from nousnous.collector.imports.conversations import ConversationMapping, conversation_mapping, packaged_mapping
from nousnous.collector.imports.rejects import read_rejects
from nousnous.collector.imports.uploads import Asked, keep_upload, map_upload, preview_upload
from nousnous.collector.models import Import
from nousnous.facts.messages import MESSAGES
from nousnous.people.actions.exports import export_person
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace

HEADER = "ticket_id,id,created_at,customer_id,role,body,topic\n"
TICKET = {
    "id": 7,
    "created_at": "2026-01-05T09:00:00Z",
    "via": {"channel": "email"},
    "type": "problem",
    "requester": {"id": 20, "external_id": "ada", "locale": "en-US"},
    "group": {"name": "Billing"},
    "comments": [
        {"id": 1, "author_id": 20, "created_at": "2026-01-05T09:00:00Z", "public": True, "body": "It is late."},
        {"id": 2, "author_id": 9, "created_at": "2026-01-05T09:05:00Z", "public": False, "body": "a rude customer"},
        {"id": 3, "author_id": 9, "created_at": "2026-01-05T09:09:00Z", "public": True, "body": "We are on it."},
    ],
}
TALK = {
    "type": "conversation",
    "id": "55",
    "created_at": 1767603600,
    "source": {"id": "s1", "type": "conversation", "body": "<p>Hi</p>", "author": {"type": "user", "id": "u5"}},
    "contacts": {"contacts": [{"id": "u5", "external_id": "bob"}]},
    "team_assignee_id": 12,
    "conversation_parts": {
        "conversation_parts": [
            {"id": "p1", "part_type": "comment", "created_at": 1767603660, "body": "<p>Hello!</p>",
             "author": {"type": "bot", "id": "b"}},
            {"id": "p2", "part_type": "note", "created_at": 1767603661, "body": "<p>hm</p>",
             "author": {"type": "admin", "id": "a"}},
            {"id": "p3", "part_type": "close", "created_at": 1767603662, "body": None,
             "author": {"type": "admin", "id": "a"}},
        ]
    },
}  # fmt: skip


def bring(workspace: Workspace, path: Path, mapping: ConversationMapping | None = None) -> Import:
    return import_file(workspace, Upload(path, mapping or ConversationMapping()))


def messages_of(workspace: Workspace) -> list[dict[str, Any]]:
    rows = lake_of(workspace).snapshot(MESSAGES).table(MESSAGES)
    stored: list[dict[str, Any]] = rows.order_by("ts_us", "message_id").to_pyarrow().to_pylist()
    return stored


@pytest.mark.parametrize(("tool", "count"), [("zendesk", 27), ("intercom", 2)])
def test_the_tables_of_a_warehouse_come_in_once(workspace: Workspace, tool: str, count: int, tmp_path: Path) -> None:
    folder = SHARED_DATA / "support" / f"{tool}_tables"
    first = bring(workspace, folder)
    assert (first.added, first.rejected, first.empty) == (count, 0, 0)
    packed = Path(shutil.make_archive(str(tmp_path / "tables"), "zip", folder))
    again = bring(workspace, packed)
    assert (again.added, again.repeated, len(messages_of(workspace))) == (0, count, count)


def test_exports_of_zendesk_and_intercom_become_messages_of_the_customer(workspace: Workspace, write: Write) -> None:
    tickets = write("tickets.json", json.dumps(TICKET) + "\n{broken\n")
    talks = write("talks.json", json.dumps({"conversations": [TALK]}) + "\n")
    assert (bring(workspace, tickets).added, bring(workspace, talks).added) == (2, 2)
    told = [(row["user_id"], row["side"], row["text"]) for row in messages_of(workspace)]
    assert told == [
        ("bob", "customer", "Hi"),
        ("ada", "customer", "It is late."),
        ("bob", "bot", "Hello!"),
        ("ada", "agent", "We are on it."),
    ]
    first = messages_of(workspace)[1]
    names = ("channel", "topic", "agent_group", "language", "conversation_id")
    assert [first[name] for name in names] == ["email", "problem", "Billing", "en", "zendesk:7"]
    rejected = list(read_rejects(Import.objects.get(file_name="tickets.json").id, 5))
    assert [(one["line"], one["reason"]) for one in rejected] == [(2, "is no JSON object")]


def test_what_the_writer_did_not_write_is_cut_off_and_what_tells_who_it_is_masked(
    workspace: Workspace, write: Write
) -> None:
    texts = [
        "No.\\n\\nOn Mon, Jan 5, 2026 at 9:12 AM Help <h@x.example> wrote:\\n> Was it good?",
        "It broke.\\n\\nKind regards,\\nAda Ram\\nHead of Looms",
        "Automatic reply: I am on holiday",
        "<p>Take <b>4111 1111 1111 1111</b>, ada@example.org or +49 30 1234567</p><script>x</script>",
        "Thank you",
        "> all of it\\n> is quoted",
    ]
    rows = [{"conversation_id": "c", "time": f"2026-01-0{at + 1}", "side": "customer", "text": one.replace("\\n", "\n"),
             "customer_id": "ada"} for at, one in enumerate(texts)]  # fmt: skip
    record = bring(workspace, write("rows.jsonl", "\n".join(map(json.dumps, rows)) + "\n"))
    assert (record.added, record.empty, record.rejected, record.repeated) == (4, 2, 0, 0)
    assert [row["text"] for row in messages_of(workspace)] == [
        "No.",
        "It broke.",
        "Take [card], [email] or [phone]",
        "Thank you",
    ]


def test_bad_rows_are_told_apart_and_a_second_import_adds_nothing(workspace: Workspace, write: Write) -> None:
    rows = [
        "1,a,2026-01-05 09:00,ada,customer,Hi,billing",
        "1,b,2999-01-05 09:00,ada,customer,Hi,billing",
        "1,c,never,ada,customer,Hi,billing",
        "1,d,2026-01-05 09:02,ada,wizard,Hi,billing",
        ",e,2026-01-05 09:03,ada,customer,Hi,billing",
        "1,f,2026-01-05 09:04,ada,customer,,billing",
        "2,g,2026-01-05 09:05,,agent,Anybody?,",
    ]
    path = write("m.csv", HEADER + "\n".join(rows) + "\n")
    record = bring(workspace, path)
    assert (record.added, record.rejected, record.empty) == (2, 4, 1)
    assert [one["reason"].split()[0] for one in read_rejects(record.id, 9)] == ["lies", "is", "“wizard”", "has"]
    again = bring(workspace, path)
    assert (again.added, again.repeated) == (0, 2)
    nameless = messages_of(workspace)[1]
    assert (nameless["user_id"], nameless["anonymous_id"]) == (None, "conversation:2")
    undo_import(workspace, record.id)
    assert messages_of(workspace) == []


def test_a_conversation_belongs_to_its_customer_where_rows_name_authors(workspace: Workspace, write: Write) -> None:
    rows = "c1,2026-01-05,agent,a9,Hello\nc1,2026-01-06,user,ada,Where is it?\nc2,2026-01-07,user,bob,Hi\n"
    bring(workspace, write("m.csv", "thread_id,sent_at,author_type,author_id,content\n" + rows))
    assert [(row["user_id"], row["side"]) for row in messages_of(workspace)] == [
        ("ada", "agent"),
        ("ada", "customer"),
        ("bob", "customer"),
    ]
    assert len(export_person(workspace, "ada")["messages"]) == 2


CHATWOOT = (
    "id,conversation_id,created_at,contact_id,sender_type,message_type,content,private\n"
    "1,3,1767603600,u1,Contact,0,Hi,f\n2,3,1767603601,u1,AgentBot,1,Hello,f\n"
    "3,3,1767603602,u1,User,1,psst,t\n4,3,1767603603,u1,,2,Assigned,f\n"
)
FRESHDESK = (
    "id,ticket_id,created_at,requester_id,incoming,private,body_text\n"
    "1,3,2026-01-05T09:00:00Z,u1,true,false,Hi\n2,3,2026-01-05T09:01:00Z,u1,false,false,Hello\n"
)
ZAMMAD = (
    "id,ticket_id,created_at,customer_id,sender,internal,type,body\n"
    "1,3,2026-01-05T09:00:00Z,u1,Customer,false,email,Hi\n2,3,2026-01-05T09:01:00Z,u1,System,false,note,Done\n"
)
OTHERS = {
    "chatwoot": (CHATWOOT, ["customer", "bot"]),
    "freshdesk": (FRESHDESK, ["customer", "agent"]),
    "zammad": (ZAMMAD, ["customer", "bot"]),
}


@pytest.mark.parametrize("tool", OTHERS)
def test_mappings_of_the_package_read_other_tools(workspace: Workspace, write: Write, tool: str) -> None:
    content, told = OTHERS[tool]
    assert bring(workspace, write("x.csv", content), packaged_mapping(tool)).rejected == 0
    assert [row["side"] for row in messages_of(workspace)] == told
    assert {row["conversation_id"] for row in messages_of(workspace)} == {f"{tool}:3"}


def test_an_import_that_stopped_within_a_long_conversation_goes_on(
    workspace: Workspace, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    comments = [{**TICKET["comments"][0], "id": at, "body": f"word {at}"} for at in range(500)]  # type: ignore[index]
    path = write("long.json", json.dumps({**TICKET, "comments": comments}) + "\n" + json.dumps({**TICKET, "id": 8}))
    monkeypatch.setattr("nousnous.collector.imports.rows.BATCH_ROWS", 64)
    landed: list[int] = []

    def stop(done: int, _: int) -> None:
        landed.append(done)
        if len(landed) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(workspace, Upload(path, ConversationMapping()), stop)
    assert 0 < len(messages_of(workspace)) < 500
    record = bring(workspace, path)
    assert (record.state, record.added, len(messages_of(workspace))) == ("done", 500, 500)


def test_an_upload_of_messages_is_mapped_on_its_page(workspace: Workspace, write: Write) -> None:
    content = b"talk,when,who,words\n1,2026-01-05,visitor,Hello there\n"
    record = keep_upload(workspace, "conversations", "m.csv", [content], "ann")
    with pytest.raises(Refused, match="No column says who wrote"):
        preview_upload(record)
    map_upload(record, Asked(columns={"conversation": "talk", "time": "when", "side": "who", "text": "words"}))
    assert preview_upload(record).rows[0]["side"] == "customer"


def test_mappings_say_what_is_wrong_with_them(write: Write) -> None:
    with pytest.raises(Refused, match="is not known here"):
        conversation_mapping('[sides]\nwizard = ["x"]')
    with pytest.raises(Refused, match="No column says which conversation"):
        preview_file(Upload(write("a.csv", "side,text,time\nuser,x,2026-01-01\n"), ConversationMapping()))
    with pytest.raises(Refused, match="there are chatwoot"):
        packaged_mapping("lotus")
