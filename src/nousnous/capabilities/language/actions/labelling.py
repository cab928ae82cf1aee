"""Labels of messages: which to judge next, keeping what members judged, and what erasures and exports do with it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import ibis
import pyarrow as pa
from django.db import transaction
from django.db.models import Count, Max, QuerySet

from nousnous.base import clock
from nousnous.base.errors import Missing, Place, Refused
from nousnous.base.mentions import Mentions
from nousnous.capabilities.language.actions.training import ask_to_train
from nousnous.capabilities.language.measures.learning import EVERY, LEAST_HELD_OUT, LEAST_LEARNED, is_held_out
from nousnous.capabilities.language.measures.qualities import Quality, quality_of
from nousnous.capabilities.language.models import Label, Scorer
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

A_PAGE: Final = 20
OF_HELD_OUT: Final = 5
MOST_A_CALL: Final = 1_000
NO_SUCH: Final = "There is no message “{}” of a person here; the list of messages to judge names them."
LETTERS: Final = (3, 1_000)


class AskedMessageShape(TypedDict):
    message: str
    side: str
    text: str
    before: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to judge: its key as a text, who wrote it, the text as it is kept, and the customer's words before."""

    message: str
    side: str
    text: str
    before: str

    def as_dict(self) -> AskedMessageShape:
        return {"message": self.message, "side": self.side, "text": self.text, "before": self.before}


class LabelCountsShape(TypedDict):
    labels: int
    held_out: int
    needed: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many labels there are to learn from and held out, and how many more are needed of both together."""

    learned: int
    held_out: int

    @property
    def needed(self) -> int:
        return max(0, LEAST_LEARNED - self.learned) + max(0, LEAST_HELD_OUT - self.held_out)

    def as_dict(self) -> LabelCountsShape:
        return {"labels": self.learned, "held_out": self.held_out, "needed": self.needed}


def count_labels(workspace: Workspace, quality: Quality) -> Counts:
    """The labels of a quality; where members could not tell there is none."""
    kept = Label.objects.filter(workspace=workspace, quality=quality.name, value__isnull=False)
    identities = list(kept.values_list("identity_key", flat=True))
    held_out = sum(map(is_held_out, identities))
    return Counts(len(identities) - held_out, held_out)


def next_messages(workspace: Workspace, of: str, actor: str) -> tuple[Asked, ...]:
    """The next 20 to judge: 15 of which the scorer is most uncertain, and 5 of customers held out, by chance.

    Uncertain is what lies nearest to where one class ends and the next begins. A text that many messages share, but for
    its numbers, is asked once. Looking is noted in the audit log.
    """
    quality = quality_of(of)
    snapshot = lake_of(workspace).snapshot(MESSAGES, SENTIMENTS)
    pinned = Scorer.objects.filter(workspace=workspace, quality=quality.name).values_list("version", flat=True).first()
    labels = Label.objects.filter(workspace=workspace, quality=quality.name)
    definition = (
        "messages to judge",
        quality.name,
        pinned,
        *labels.aggregate(Count("pk"), Max("labelled_at")).values(),
    )
    keys = remembered(snapshot, definition, lambda: _next_keys(snapshot, quality, pinned, labels))
    if not keys:
        return ()
    audit(workspace, actor, "read messages to judge", f"{len(keys)} messages")
    return _asked(snapshot, keys)


def keep_labels(workspace: Workspace, of: str, told: Mapping[int, float | None], actor: str) -> int:
    """Keep what was judged of messages, by their keys, and learn from it; a later label replaces an earlier one."""
    quality = quality_of(of)
    if not 1 <= len(told) <= MOST_A_CALL:
        raise Refused(f"Judge 1 to {MOST_A_CALL} messages at once.", Place(field="labels"))
    values = {key: None if value is None else quality.label_of(value) for key, value in told.items()}
    possible = [key for key in told if -(2**63) <= key < 2**63]
    rows = lake_of(workspace).snapshot(MESSAGES).keyed(MESSAGES, "message_key", possible, "message_key", "identity_key")
    known = {row["message_key"]: row["identity_key"] for row in rows if row["identity_key"] is not None}
    if unknown := [key for key in told if key not in known]:
        raise Missing(NO_SUCH.format(unknown[0]))
    labels = [
        Label(
            workspace=workspace,
            quality=quality.name,
            message_key=key,
            identity_key=known[key],
            value=value,
            labelled_by=actor,
            labelled_at=clock.now(),
        )
        for key, value in values.items()
    ]
    with transaction.atomic():
        Label.objects.bulk_create(
            labels,
            update_conflicts=True,
            update_fields=("value", "labelled_by", "labelled_at", "identity_key"),
            unique_fields=("workspace", "quality", "message_key"),
        )
        audit(workspace, actor, "judge messages", f"{len(labels)} messages, {quality.name}")
        if not count_labels(workspace, quality).needed:
            ask_to_train(workspace)
    return len(labels)


def labels_in(text: str) -> dict[int, float | None]:
    """Labels of a file: CSV with the columns message and value; an empty value is “cannot tell”."""
    rows = csv.DictReader(io.StringIO(text))
    if not {"message", "value"} <= set(rows.fieldnames or ()):
        raise Refused("A file of labels is CSV with the columns message and value.", Place(line=1))
    told: dict[int, float | None] = {}
    for row in rows:
        try:
            key = int(row["message"])
        except (TypeError, ValueError):
            raise Missing(NO_SUCH.format(row["message"])) from None
        try:
            told[key] = float(row["value"]) if row["value"] else None
        except ValueError:
            sentence = f"“{row['value'][:20]}” is no value; write a level as a number, or nothing."
            raise Refused(sentence, Place(line=rows.line_num)) from None
    return told


def erase_labels(workspace: Workspace, identity_keys: Iterable[int], _: Mentions) -> int:
    """Erase those of a person's messages."""
    return Label.objects.filter(workspace=workspace, identity_key__in=list(identity_keys)).delete()[0]


def tell_labels(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[dict[str, Any]]]:
    """What was judged of a person's messages, for their export."""
    theirs = Label.objects.filter(workspace=workspace, identity_key__in=list(identity_keys)).order_by("pk")
    told = theirs.values("quality", "message_key", "value", "labelled_at")
    return {"message_labels": [{**one, "labelled_at": one["labelled_at"].isoformat()} for one in told]}


def _next_keys(snapshot: Snapshot, quality: Quality, pinned: str | None, labels: QuerySet[Label]) -> list[int]:
    """Their keys, those to learn from first."""
    rows = _open(snapshot, quality, pinned, list(labels.values_list("message_key", flat=True)))
    own = rows.identity_key % EVERY == 0
    held_out = rows.filter(own).order_by("message_key").limit(OF_HELD_OUT).select("message_key").to_pyarrow()
    uncertain = rows.filter(~own).order_by("distance", "message_key").limit(A_PAGE).select("message_key").to_pyarrow()
    return [*uncertain["message_key"].to_pylist()[: A_PAGE - held_out.num_rows], *held_out["message_key"].to_pylist()]


def _open(snapshot: Snapshot, quality: Quality, pinned: str | None, labelled: Sequence[int]) -> Any:
    """English messages without a label, one of each text but for its numbers, and how far from unsure the scorer is."""
    messages, scored = snapshot.table(MESSAGES), snapshot.table(SENTIMENTS)
    if quality.sides == "company":
        messages = messages.filter(messages.side != "customer")
    fitting = messages.text.length().between(*LETTERS) & ((messages.language == "en") | messages.language.isnull())
    messages = messages.filter(fitting & messages.identity_key.notnull())
    messages = messages.mutate(alike=messages.text.re_replace(r"\d+", "#"))
    known = messages.filter(messages.message_key.isin(labelled)) if labelled else messages.limit(0)
    left = messages.anti_join(known.select("alike").distinct(), "alike")
    once = left.group_by("alike").agg(message_key=left.message_key.min())
    own = scored.filter(scored.scorer == (pinned or "")).select(scored_key="message_key", told="sentiment")
    rows = left.semi_join(once, "message_key").select("message_key", "identity_key")
    joined = rows.left_join(own, rows.message_key == own.scored_key)
    distance = ibis.least(*((joined.told - cut).abs() for cut in quality.cuts))
    return joined.mutate(distance=distance.fill_null(9.0)).select("message_key", "identity_key", "distance")


def _asked(snapshot: Snapshot, keys: list[int]) -> tuple[Asked, ...]:
    """Messages in that order, each of the company with the last words of the customer before it."""
    chosen = snapshot.matching(MESSAGES, "message_key", pa.array(keys, pa.int64()))
    chosen = chosen.select("message_key", "conversation_key", "ts_us", "side", "text")
    said = snapshot.table(MESSAGES)
    said = said.filter(said.side == "customer").select(talk="conversation_key", at_us="ts_us", words="text")
    both = chosen.left_join(said, (chosen.conversation_key == said.talk) & (said.at_us < chosen.ts_us))
    rows = both.group_by("message_key", "side", "text").agg(before=both.words.argmax(both.at_us)).to_pyarrow()
    found = {row["message_key"]: row for row in rows.to_pylist()}
    return tuple(
        Asked(str(key), one["side"], one["text"], "" if one["side"] == "customer" else one["before"] or "")
        for key in keys
        if (one := found.get(key))
    )
