"""How fast messages come in, from a table and from an export of Zendesk, and how fast they are scored.

Usage: python -m bench.conversations [--events N], N messages. Half of the texts are their own, a tenth names an address
or a card, a tenth quotes or is signed, a tenth is German.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench.parts import measured, run, show

MESSAGES = 1_000_000
A_TICKET = 6
LEAST_A_SECOND = 20_000
SAID = (
    "the order parcel invoice still not arrived again please help with this account it was charged twice and nobody "
    "answers my question about delivery we are sorry thank you for waiting your refund is on its way to the bank"
)
GERMAN = "die Bestellung ist noch nicht angekommen und niemand antwortet auf meine Frage zur Rechnung bitte"


def main(messages: int) -> int:
    found = measured("bench.conversations", PARTS, messages)
    rows = [
        ("messages in a table", found["table_rows"], None),
        ("messages a second from a table", found["table_rows"] / found["table_s"], None),
        ("messages a processor second from a table", found["table_rows"] / found["table_cpu_s"], None),
        ("messages a processor second from JSON of Zendesk", found["zendesk_rows"] / found["zendesk_cpu_s"], None),
        (
            "20,000 / messages a processor second from a table",
            LEAST_A_SECOND * found["table_cpu_s"] / found["table_rows"],
            1,
        ),
    ]
    return show(rows)


def written(messages: int, folder: Path) -> tuple[Path, Path]:
    """The same kind of messages as a table and, a tenth of them, as tickets."""
    import numpy as np

    random = np.random.default_rng(7)
    texts = [_text(random) for _ in range(max(1, messages // 2))]
    table, tickets = folder / "messages.csv", folder / "tickets.json"
    with table.open("w") as file:
        file.write("conversation_id,message_id,created_at,customer_id,side,channel,topic,text\n")
        for at in range(messages):
            ticket, place = divmod(at, A_TICKET)
            side = ("customer", "agent", "bot")[place % 3]
            said = texts[at % len(texts)].replace('"', '""')
            second = at % 60
            file.write(
                f"t{ticket},m{at},2026-01-05 09:{ticket % 60:02}:{second:02},u{ticket // 2},{side},email,"
                f'topic {ticket % 9},"{said}"\n'
            )
    with tickets.open("w") as file:
        for ticket in range(messages // 10 // A_TICKET):
            comments = [_comment(ticket * A_TICKET + place, place, texts) for place in range(A_TICKET)]
            told = {"id": ticket, "requester": {"id": 1, "external_id": f"u{ticket}"}, "comments": comments}
            file.write(json.dumps(told) + "\n")
    return table, tickets


def _text(random: Any) -> str:
    words = (GERMAN if random.random() < 0.1 else SAID).split()
    said = " ".join(words[at] for at in random.integers(0, len(words), random.integers(6, 30)))
    chance = random.random()
    if chance < 0.1:
        said += f" write to ada{random.integers(10**6)}@example.org"
    elif chance < 0.15:
        said += "\n\nOn Mon, Jan 5, 2026 at 9:12 AM Help <help@example.org> wrote:\n> We are sorry.\n> Bye"
    elif chance < 0.2:
        said += "\n\nKind regards,\nAda"
    return f"{said} {random.integers(10**9)}" if chance > 0.5 else said


def _comment(number: int, place: int, texts: list[str]) -> dict[str, Any]:
    body = texts[number % len(texts)]
    return {"id": number, "author_id": 1 if place % 2 == 0 else 9, "created_at": f"2026-01-05T09:00:{place:02}Z",
            "public": True, "body": body, "html_body": f"<p>{body}</p>"}  # fmt: skip


def bring(messages: int) -> None:
    from django.core.management import call_command

    from nousnous.collector.imports.actions import Upload, import_file
    from nousnous.collector.imports.conversations import ConversationMapping
    from nousnous.workspaces.actions import WorkspaceProfile, create_workspace

    call_command("migrate", verbosity=0, interactive=False)
    workspace = create_workspace(WorkspaceProfile("bench")).workspace
    for name, path in zip(("table", "zendesk"), written(messages, Path(os.environ["NOUS_HOME"])), strict=True):
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        record = import_file(workspace, Upload(path, ConversationMapping()))
        print(f"{name}_rows={record.added} {name}_s={time.perf_counter() - start_s}")
        print(f"{name}_cpu_s={time.process_time() - start_cpu_s}")


PARTS = {"bring": bring}

if __name__ == "__main__":
    sys.exit(run(PARTS, main, MESSAGES))
