"""A worker that is killed while it scores all history by another scorer: the old one stands, and the next goes on."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.collector.house import NOUS
from tests.places import ROOT
from tests.records import ready

MESSAGES = 200
TELLING = """
import json
from collections import Counter
from nousnous.capabilities.language.actions.auditing import audit_language
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.models import Workspace
def tell():
    shop = Workspace.objects.get()
    rows = lake_of(shop).snapshot(SENTIMENTS).table(SENTIMENTS).select("scorer", "message_key").to_pyarrow().to_pylist()
    report = audit_language(shop)
    counts = Counter(row["scorer"] for row in rows), len({(row["scorer"], row["message_key"]) for row in rows})
    print("told", json.dumps([report.scorer, report.waiting, report.whole.gap.value, *counts]), flush=True)
"""
BEGINNING = """
import os
from pathlib import Path
import numpy as np
from tests.capabilities.language.planted import plant_scorer
from nousnous.capabilities.language.actions.scoring import score_messages
from nousnous.capabilities.language.actions.switching import switch_scorer
from nousnous.capabilities.language.measures.learning import Learned
from nousnous.capabilities.language.measures.sentiment import BUCKETS
from nousnous.capabilities.language.models import Head
from nousnous.collector.imports.actions import Upload, import_file
from nousnous.collector.imports.conversations import ConversationMapping
from nousnous.runs.models import OutboxEntry
from nousnous.workspaces.actions import WorkspaceProfile, create_workspace
shop = create_workspace(WorkspaceProfile("shop")).workspace
import_file(shop, Upload(Path(os.environ["TALKS"]), ConversationMapping()))
OutboxEntry.objects.all().delete()  # what other parts would do with the messages is not asked here
score_messages(shop)
tell()
plant_scorer(shop)
Head.objects.update(weights=Learned(np.full(9, 0.03), np.zeros(BUCKETS)).as_bytes())
switch_scorer(shop, "sentiment", "parcel-head+1", "it knows our parcels", "ann")
"""
WORKING = """
import time
from datetime import timedelta
from nousnous.capabilities.language.actions import scoring, switching
from nousnous.runs import models, worker
from nousnous.runs.models import Run
scoring.MESSAGES_A_TURN, models.LEASE, worker.LEASE = 10, timedelta(seconds=1), timedelta(seconds=1)
while Run.objects.filter(kind=switching.RESCORE_RUN, status=Run.WAITING).exists():
    if not worker.work_once():
        time.sleep(0.05)
"""


def test_a_rescore_that_is_killed_changes_no_figure_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    home, talks = tmp_path / "home", tmp_path / "talks.jsonl"
    ready(home)
    environment = {**os.environ, "NOUS_HOME": str(home), "PYTHONPATH": str(ROOT), "TALKS": str(talks)}
    said = {"customer": "the parcel is late and I am angry", "bot": "great news, it is on its way"}
    rows = [
        {"conversation_id": f"c{at}", "message_id": f"{side}-{at}", "time": "2026-01-05T09:00:00Z",
         "customer_id": f"p{at}", "side": side, "text": f"{text} {at}"}
        for at in range(MESSAGES // 2) for side, text in said.items()
    ]  # fmt: skip
    talks.write_text("\n".join(map(json.dumps, rows)))
    shell = [NOUS, "shell", "--no-imports", "--command"]
    command = [*shell, TELLING + BEGINNING + WORKING]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        (first,) = told(worker.stdout.readline())
        (log,) = home.glob("lake/*/sentiments/_delta_log")
        versions = len(list(log.glob("*.json")))
        while len(list(log.glob("*.json"))) < versions + 3 and worker.poll() is None:
            time.sleep(0.002)
        worker.kill()
    assert worker.returncode == -9
    command = [*shell, TELLING + "tell()" + WORKING + "tell()"]
    before, after = told(subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout)
    counts = before[3]
    assert 0 < counts["parcel-head+1"] < MESSAGES
    assert (before[:3], counts["default-1"]) == (first[:3], MESSAGES)
    assert (first[0], *after[:2]) == ("default-1", "parcel-head+1", 0)
    assert (after[3], after[4]) == ({"parcel-head+1": MESSAGES}, MESSAGES)
    assert after[2] != first[2]


def told(output: str) -> list[Any]:
    return [json.loads(line.removeprefix("told ")) for line in output.splitlines() if line.startswith("told ")]
