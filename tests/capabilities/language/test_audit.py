"""The audit finds what was planted and nothing elsewhere; a slow reading agrees; worlds of chance stay quiet."""

import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from bench.language import failures, rates
from django.test import Client
from tests.capabilities.language.planted import plant_conversation
from tests.plays.channels.conftest import Connected, Other, connected, other  # noqa: F401  # fixtures

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.language.actions.auditing import audit_language
from nousnous.capabilities.language.actions.posting import post_audit
from nousnous.capabilities.language.actions.scoring import score_messages, score_some, tell_sentiments
from nousnous.capabilities.language.models import Scorer
from nousnous.capabilities.language.views.printing import audit_as_pdf, listings_of
from nousnous.collector.imports.actions import Upload, import_file, undo_import
from nousnous.collector.imports.conversations import ConversationMapping
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.people.actions.erasure import erase_person
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Workspace
from nousnous_demo.talks import draw_talks

PEOPLE = 300


def bring(workspace: Workspace, folder: Path, seed: int, *, planted: bool = True) -> str:
    path = folder / f"talks-{seed}.parquet"
    pq.write_table(draw_talks(PEOPLE, seed, clock.now_us(), planted=planted), path)
    return import_file(workspace, Upload(path, ConversationMapping())).id


def sentiments_of(workspace: Workspace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake_of(workspace).snapshot(SENTIMENTS).table(SENTIMENTS).to_pyarrow().to_pylist()
    return rows


def test_the_planted_gap_and_the_planted_jargon_are_found_and_nothing_besides(
    workspace: Workspace,
    tmp_path: Path,
    other: Other,  # noqa: F811
    connected: Connected,  # noqa: F811
) -> None:
    bring(workspace, tmp_path, 1)
    assert score_messages(workspace) == len(sentiments_of(workspace)) > 1_000
    report = audit_language(workspace)
    assert [one.name for one in report.named] == ["billing × 2"]
    assert "provisioning delay" in [one.term for one in report.jargon.terms] if report.jargon else False
    assert any("provisioning delay" in one.text and talk for one, talk in report.sentences)
    assert 0 < report.unjudged < report.conversations / 5
    on_paper = [{row[-1] for row in listings_of(report, named=named)[1].rows} for named in (True, False)]
    assert on_paper == [{talk for _, talk in report.sentences}, {"for those who may see people"}]
    assert audit_as_pdf(report, "north", named=True).startswith(b"%PDF-")
    assert all(one.missing == 20 - one.gap.n for one in report.groups if one.verdict == "few")
    with pytest.raises(Refused, match="No Slack is connected"):
        post_audit(workspace, 30, "ann")
    connected("slack")
    bearer = {"Authorization": f"Bearer {create_token(workspace, scopes=['language:write'])[1]}"}
    for _ in range(2):  # a timetable that fires twice tells once
        post_audit(workspace, 30, "ann")
        assert Client(headers=bearer).post("/api/v1/language/audit/post").status_code == 200
    (told,) = other.kept
    assert "far brighter than its customers in billing, bot version 2" in told["text"]
    assert "provisioning delay" in told["text"]
    assert told["blocks"][0]["accessory"]["url"].endswith("/w/north/language/?days=30")
    slow = slow_gap(workspace, report.from_us, report.to_us)
    assert report.whole is not None
    assert math.isclose(report.whole.gap.value or 0, slow, abs_tol=1e-9)


def slow_gap(workspace: Workspace, from_us: int, to_us: int) -> float:
    """The definition, read conversation by conversation."""
    told = {one["message_key"]: one["sentiment"] for one in sentiments_of(workspace)}
    talks: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: {"customer": [], "company": []})
    begun: dict[str, int] = {}
    for row in lake_of(workspace).snapshot(MESSAGES).table(MESSAGES).order_by("ts_us").to_pyarrow().to_pylist():
        begun.setdefault(row["conversation_id"], row["ts_us"])
        side = "customer" if row["side"] == "customer" else "company"
        talks[row["conversation_id"]][side].append(told[row["message_key"]])
    gaps = []
    for talk, sides in talks.items():
        known = {side: [one for one in values if one is not None] for side, values in sides.items()}
        if from_us <= begun[talk] < to_us and all(known.values()):
            gaps.append(np.mean(known["company"]) - np.mean(known["customer"]))
    return float(np.mean(gaps))


def test_without_a_planted_gap_no_group_is_named(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, tmp_path, 2, planted=False)
    score_messages(workspace)
    report = audit_language(workspace)
    assert (report.named, report.jargon.terms if report.jargon else None) == ((), ())
    with pytest.raises(Refused, match="1 to 400"):
        audit_language(workspace, 0)


def test_a_thin_soak_finds_what_is_planted_and_hardly_anything_else() -> None:
    """`make soak-language` does this with ten worlds planted and 200 of each other kind."""
    assert failures(rates(planted=2, null=20), slack=0.1) == []


def test_scores_follow_their_messages(workspace: Workspace, tmp_path: Path) -> None:
    record = bring(workspace, tmp_path, 3)
    assert score_some(workspace) > 0
    plant_conversation(workspace, "own", "zoe")
    score_messages(workspace)
    told = tell_sentiments(workspace, 0, {one["identity_key"] for one in sentiments_of(workspace)})["sentiments"]
    assert {one["scorer"] for one in told} == {"default-1"}
    assert len(told) == lake_of(workspace).snapshot(MESSAGES).count(MESSAGES)
    undo_import(workspace, record)
    score_messages(workspace)
    assert len(sentiments_of(workspace)) == 2
    Scorer.objects.filter(workspace=workspace).update(version="semantic-1")
    assert (score_messages(workspace), {one["scorer"] for one in sentiments_of(workspace)}) == (2, {"semantic-1"})
    erase_person(workspace, "zoe")
    assert sentiments_of(workspace) == []
