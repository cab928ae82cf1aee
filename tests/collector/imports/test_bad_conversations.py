"""Conversations as the world delivers them: broken texts, changed authors, merged and endless tickets."""

import json
from datetime import timedelta
from typing import Any

from tests.collector.imports.conftest import Write
from tests.collector.imports.test_conversations import HEADER, TICKET, bring, messages_of

from nousnous.base.clock import now
from nousnous.collector.imports.rejects import read_rejects
from nousnous.workspaces.models import Workspace


def ticket(number: int, author: int, *comments: tuple[int, int, str], **more: Any) -> str:
    said = [
        {"id": own, "author_id": by, "created_at": "2026-01-05T09:00:00Z", "public": True, "body": text}
        for own, by, text in comments
    ]
    return json.dumps({**TICKET, "id": number, "requester": {"id": author}, "comments": said, **more}) + "\n"


def test_a_broken_byte_costs_its_own_line_and_an_older_encoding_is_told(workspace: Workspace, write: Write) -> None:
    rows = [f"1,{own},2026-01-05 09:00,ada,customer,{{}},".encode() for own in "ab"]
    broken = (
        HEADER.encode() + rows[0].replace(b"{}", "Grüße".encode()) + b"\n" + rows[1].replace(b"{}", b"Gr\xfc") + b"\n"
    )
    record = bring(workspace, write("broken.csv", broken))
    assert (record.added, record.rejected) == (1, 1)
    assert [one["line"] for one in read_rejects(record.id, 9)] == [3]
    older = HEADER.encode() + b"2,c,2026-01-05 09:02,ada,customer,Gr\xfc\xdfe \x80,\n"
    assert bring(workspace, write("older.csv", older)).added == 1
    assert [row["text"] for row in messages_of(workspace)] == ["Grüße", "Grüße €"]


def test_of_html_the_words_stay_and_a_message_that_is_an_attachment_alone_is_empty(
    workspace: Workspace, write: Write
) -> None:
    texts = (
        '<html><style>p{}</style><p>Look: <img src="cid:1" alt="x"> it <b>broke</b></p></html>',
        '<div class="intercom-container"><img src="https://x.example/1.png"></div>',
        "a < b and <not a tag",
    )
    attached = {"attachments": [{"file_name": "secret.pdf", "content_url": "https://x.example/secret.pdf"}]}
    record = bring(
        workspace, write("t.json", ticket(1, 20, *((at, 20, text) for at, text in enumerate(texts)), **attached))
    )
    assert (record.added, record.empty, record.rejected) == (2, 1, 0)
    assert [row["text"].split() for row in messages_of(workspace)] == [
        ["Look:", "it", "broke"],
        ["a", "<", "b", "and", "<not", "a", "tag"],
    ]
    assert "secret" not in str(messages_of(workspace))


def test_who_takes_over_a_ticket_owns_what_comes_from_then_on(workspace: Workspace, write: Write) -> None:
    first = [(1, 20, "It is late."), (2, 9, "We look.")]
    bring(workspace, write("before.json", ticket(1, 20, *first)))
    again = bring(workspace, write("after.json", ticket(1, 30, *first, (3, 30, "I take over."))))
    assert (again.added, again.repeated) == (1, 2)
    told = [(row["user_id"], row["side"], row["conversation_id"]) for row in messages_of(workspace)]
    assert told == [
        ("zendesk:20", "customer", "zendesk:1"),
        ("zendesk:20", "agent", "zendesk:1"),
        ("zendesk:30", "customer", "zendesk:1"),
    ]


def test_a_merged_ticket_says_each_thing_once_and_its_notice_is_no_message(workspace: Workspace, write: Write) -> None:
    notice = 'Request #2 "Late" was closed and merged into this request. Last comment in request #2:\n\nStill late.'
    into = ticket(1, 20, (1, 20, "Where is it?"), (3, 9, notice))
    merged = ticket(2, 20, (2, 20, "Still late."), (4, 9, 'This ticket was merged into request #1 "Where".'))
    record = bring(workspace, write("merged.json", into + merged))
    assert (record.added, record.empty) == (2, 2)
    told = [(row["conversation_id"], row["text"]) for row in messages_of(workspace)]
    assert told == [("zendesk:1", "Where is it?"), ("zendesk:2", "Still late.")]


def test_a_conversation_of_50_000_messages_comes_in_whole(workspace: Workspace, write: Write) -> None:
    path = write("long.json", ticket(1, 20, *((at, 20 if at % 2 else 9, f"word {at}") for at in range(50_000))))
    record = bring(workspace, path)
    assert (record.added, record.rejected) == (50_000, 0)


def test_a_message_from_the_future_is_refused_and_a_clock_a_little_ahead_is_not(
    workspace: Workspace, write: Write
) -> None:
    days = [now() + timedelta(hours=hours) for hours in (2, 30)]
    rows = "".join(f"1,{at},{day:%Y-%m-%dT%H:%M:%SZ},ada,customer,Hi,\n" for at, day in enumerate(days))
    record = bring(workspace, write("future.csv", HEADER + rows))
    assert (record.added, record.rejected) == (1, 1)
    assert [one["reason"] for one in read_rejects(record.id, 9)] == ["lies more than a day ahead"]


def test_a_bot_that_quotes_the_customer_has_said_only_its_own_words(workspace: Workspace, write: Write) -> None:
    quoted = "> It is late!\n\nSorry to hear that."
    html = "<blockquote>It is late!</blockquote><p>We look into it.</p>"
    rows = [(1, 20, "It is late!"), (2, 9, quoted), (3, 9, html), (4, 9, "> It is late!")]
    record = bring(workspace, write("quoted.json", ticket(1, 20, *rows)))
    assert (record.added, record.empty) == (3, 1)
    assert [row["text"] for row in messages_of(workspace)][1:] == ["Sorry to hear that.", "We look into it."]
