"""Contacts within conversations: a bare thanks is none, a day of silence ends one, teams are told apart."""

from itertools import groupby, pairwise
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from nousnous.base import clock
from nousnous.base.clock import DAY_US, HOUR_US
from nousnous.base.errors import Refused
from nousnous.capabilities.contacts.actions import contact_report
from nousnous.capabilities.contacts.measures.episodes import episodes
from nousnous.collector.landing import land
from nousnous.facts.messages import MESSAGES
from nousnous.workspaces.models import Workspace

BARE = (
    "Thanks!", "thank you so much for your help", "Vielen Dank 🙏", "ok, got it, thanks", "Merci beaucoup", "THX",
    "Perfect, thank you. Have a nice day!",
)  # fmt: skip
MORE = ("Thanks, but it is still broken", "ok", "No thanks to you", "Danke, und wann kommt das Geld?", "thanksgiving")


def rows_of(*said: tuple[int, str, str, float]) -> list[dict[str, Any]]:
    return [
        {"message_key": at, "conversation_key": talk, "person_key": talk % 3, "side": side, "text": text,
         "ts_us": int(hours * HOUR_US), "channel": "chat", "topic": "bill", "agent_group": "Desk"}
        for at, (talk, side, text, hours) in enumerate(said)
    ]  # fmt: skip


def test_a_bare_thanks_starts_no_contact_and_anything_more_does() -> None:
    said = [(at, "customer", text, 1.0) for at, text in enumerate((*BARE, *MORE))]
    assert episodes(ibis.memtable(rows_of(*said))).count().to_pyarrow().as_py() == len(MORE)


def handled(piece: list[dict[str, Any]]) -> float | None:
    pauses = [
        (late["ts_us"] - early["ts_us"]) / 60e6
        for early, late in pairwise(piece)
        if "agent" in {early["side"], late["side"]} and late["ts_us"] - early["ts_us"] <= 300e6
    ]
    return round(sum(pauses), 6) if pauses else None


def slowly(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found, order = [], sorted(rows, key=lambda row: (row["conversation_key"], row["ts_us"], row["message_key"]))
    for talk, said in groupby(order, key=lambda row: int(row["conversation_key"])):
        pieces: list[list[dict[str, Any]]] = []
        for row in said:
            if not pieces or row["ts_us"] - pieces[-1][-1]["ts_us"] > DAY_US:
                pieces.append([])
            pieces[-1].append(row)
        for piece in pieces:
            asked = [row["ts_us"] for row in piece if row["side"] == "customer" and row["text"] not in BARE]
            if asked:
                answered = any(row["side"] != "customer" and row["ts_us"] > asked[0] for row in piece)
                found.append((talk % 3, asked[0], piece[-1]["ts_us"], answered, handled(piece)))
    return sorted(found)


def test_the_fast_reading_is_the_slow_one() -> None:
    random = np.random.default_rng(5)
    texts, sides = ("Where is it?", "Thanks!", "We look."), ("customer", "agent", "bot")
    said = [
        (int(random.integers(8)), sides[random.integers(3)], texts[random.integers(3)],
         float(random.integers(60) + random.integers(16) / 60))
        for _ in range(240)
    ]  # fmt: skip
    rows = rows_of(*said)
    fast = episodes(ibis.memtable(rows)).select("person_key", "started_us", "ended_us", "answered", "minutes")
    found = fast.mutate(minutes=fast.minutes.round(6)).to_pyarrow().to_pylist()
    assert sorted(tuple(row.values()) for row in found) == (slow := slowly(rows))
    assert {one[-1] is None for one in slow} == {True, False}


def test_without_events_of_contacts_conversations_are_read_by_team(workspace: Workspace) -> None:
    start_us = clock.now_us() - 30 * DAY_US
    back = ("customer", 72, "It broke again."), ("agent", 73, "Sorry."), ("customer", 150, "Thank you!")
    rows = [
        {"message_id": f"{who}-{hours}", "conversation_id": f"c{who}", "user_id": f"p{who}", "side": side,
         "text": text, "channel": "chat", "topic": "bill", "agent_group": "Desk" if who % 2 else "Bills",
         "ts_us": start_us + int(hours * HOUR_US)}
        for who in range(20)
        for side, hours, text in [
            ("customer", 0, "It is broken."), ("agent", 1, "We mend it."), ("customer", 1.05, "Please do."),
            *((side, hours, text) for side, hours, text in back if who % 2),
        ]
    ]  # fmt: skip
    rows.append({**rows[0], "message_id": "last", "user_id": "late", "conversation_id": "x", "ts_us": clock.now_us()})
    land(workspace, MESSAGES, pa.Table.from_pylist(rows))
    report = contact_report(workspace)
    assert (report.source, report.contacts) == ("conversations", 30)  # 20 and the 10 that came back
    told = {one.name: (one.avoidance.value, one.avoidance.n) for one in report.lines if one.dimension != "channel"}
    assert told["Bills"] == (1.0, 10)
    assert told["Desk"] == (0.5, 20)
    minutes = {one.name: (one.minutes.value, one.minutes.n) for one in report.lines}
    assert minutes["all contacts"] == (3.0, 20)  # an answer after an hour is mail: nobody knows how long it took
    assert contact_report(workspace, source="events").contacts == 0
    with pytest.raises(Refused, match="events or conversations"):
        contact_report(workspace, source="letters")
