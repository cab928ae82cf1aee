"""The audit of a period: what is read of messages and their sentiments, measured, and told."""

from dataclasses import dataclass, replace
from typing import Any, Final, TypedDict

import ibis
import numpy as np
import pyarrow as pa

from nousnous.base import clock
from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import Window
from nousnous.capabilities.language.actions.scoring import unscored
from nousnous.capabilities.language.actions.switching import DecisionShape, decision_as_dict
from nousnous.capabilities.language.measures.audit import (
    DIMENSIONS,
    Conversations,
    Group,
    LanguageGroupShape,
    audit,
    weekly,
)
from nousnous.capabilities.language.measures.jargon import Jargon, JargonShape, TermShape, jargon
from nousnous.capabilities.language.measures.qualities import QUALITIES, SENTIMENT
from nousnous.capabilities.language.measures.replies import Answered, Said, answered
from nousnous.capabilities.language.measures.sentences import Sentence, SentenceShape, dearest_sentences
from nousnous.capabilities.language.models import Switch, empathy_scorers, pinned_scorer, switches_of
from nousnous.facts.events import LINKS
from nousnous.facts.messages import MESSAGES
from nousnous.facts.sentiments import SENTIMENTS
from nousnous.stats.estimate import Estimate, EstimateShape
from nousnous.stats.means import mean
from nousnous.warehouse.lake import Snapshot, lake_of
from nousnous.warehouse.memory import remembered
from nousnous.workspaces.models import Workspace

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 400
WEEKS: Final = 12
WEEK_US: Final = 7 * clock.DAY_US
Parts = tuple[tuple[str, str], ...]
"""Parts of empathy, each with the scorer that judges it."""
MOST_MESSAGES: Final = 200_000
"""The newest messages of a period whose words are looked at; gaps count all."""


class TermInTalkShape(TermShape):
    conversation: str | None


class SentenceInTalkShape(SentenceShape):
    conversation: str | None


class TermsShape(JargonShape):
    terms: list[TermInTalkShape]


class LevelShape(TypedDict):
    part: str
    scorer: str
    level: EstimateShape


class LanguageAuditShape(Window):
    days: int
    scorer: str
    messages: int
    conversations: int
    unjudged: int
    waiting: int
    all: LanguageGroupShape | None
    groups: list[LanguageGroupShape]
    weeks: list[EstimateShape]
    sentences: list[SentenceInTalkShape]
    empathy: list[LevelShape]
    switches: list[DecisionShape]
    jargon: TermsShape | None


@dataclass(frozen=True, slots=True)
class Level:
    """How much of a part of empathy the company's messages show, 0 to 2, by the scorer learned here; over customers."""

    name: str
    scorer: str
    estimate: Estimate

    def as_dict(self) -> LevelShape:
        return {"part": self.name, "scorer": self.scorer, "level": self.estimate.as_dict()}


@dataclass(frozen=True, slots=True)
class LanguageAudit:
    """What the audit of a period found; `unjudged` conversations are in a language that the scorer does not read.

    `switches` are decisions for another scorer, the newest first: where one was carried out, the trend turned.
    """

    from_us: int
    to_us: int
    days: int
    scorer: str
    messages: int
    conversations: int
    unjudged: int
    waiting: int
    whole: Group | None
    groups: tuple[Group, ...]
    weeks: tuple[Estimate, ...]
    sentences: tuple[tuple[Sentence, str], ...]
    jargon: Jargon | None
    examples: tuple[str, ...]
    empathy: tuple[Level, ...] = ()
    switches: tuple[Switch, ...] = ()

    @property
    def named(self) -> tuple[Group, ...]:
        return tuple(one for one in self.groups if one.verdict == "gap")

    def as_dict(self) -> LanguageAuditShape:
        return {
            "from": clock.from_us(self.from_us).isoformat(),
            "to": clock.from_us(self.to_us).isoformat(),
            "days": self.days,
            "scorer": self.scorer,
            "messages": self.messages,
            "conversations": self.conversations,
            "unjudged": self.unjudged,
            "waiting": self.waiting,
            "all": None if self.whole is None else self.whole.as_dict(),
            "groups": [one.as_dict() for one in self.groups],
            "weeks": [one.as_dict() for one in self.weeks],
            "sentences": [{**one.as_dict(), "conversation": talk} for one, talk in self.sentences],
            "empathy": [one.as_dict() for one in self.empathy],
            "switches": [decision_as_dict(one) for one in self.switches],
            "jargon": None if self.jargon is None else self._terms(self.jargon),
        }

    def _terms(self, jargon: Jargon) -> TermsShape:
        told = zip(jargon.terms, self.examples, strict=True)
        return {"terms": [{**one.as_dict(), "conversation": talk} for one, talk in told], **jargon.as_dict()}


def audit_language(workspace: Workspace, days: int = USUAL_DAYS) -> LanguageAudit:
    """The gap of the last days of messages, by group, with what the company said in them."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"An audit looks at 1 to {MOST_DAYS} days.", Place(field="days"))
    snapshot = lake_of(workspace).snapshot(MESSAGES, SENTIMENTS, LINKS)
    scorer, parts = pinned_scorer(workspace), empathy_scorers(workspace)
    found = remembered(snapshot, ("language", scorer, parts, days), lambda: _audited(snapshot, scorer, parts, days))
    return replace(found, switches=switches_of(workspace))


def _audited(snapshot: Snapshot, scorer: str, parts: Parts, days: int) -> LanguageAudit:
    stored = snapshot.count(MESSAGES)
    if not stored:
        return LanguageAudit(0, 0, days, scorer, 0, 0, 0, 0, None, (), (), (), None, ())
    to_us = _end(snapshot)
    from_us = to_us - days * clock.DAY_US
    rows = _scored(snapshot, scorer)
    found = read_conversations(rows, min(from_us - days * clock.DAY_US, to_us - WEEKS * WEEK_US), to_us)
    now, before = (
        found.chosen(found.began_us >= from_us),
        found.chosen((found.began_us < from_us) & (found.began_us >= from_us - days * clock.DAY_US)),
    )
    whole, groups = audit(now, before)
    said, replies = _words(rows, from_us, to_us)
    dear, terms = dearest_sentences(said, replies), jargon(said, replies)
    names = _names(snapshot, [*(one.conversation_key for one in dear), *(one.conversation_key for one in terms.terms)])
    return LanguageAudit(
        from_us,
        to_us,
        days,
        scorer,
        stored,
        int(now.persons.size),
        int(np.isnan(now.gaps).sum()),
        int(unscored(snapshot, scorer, SENTIMENT.name).count().to_pyarrow().as_py()),
        whole,
        groups,
        weekly(found, to_us, WEEKS, WEEK_US),
        tuple((one, names.get(one.conversation_key, "")) for one in dear),
        terms,
        tuple(names.get(one.conversation_key, "") for one in terms.terms),
        _empathy(snapshot, parts, from_us, to_us),
    )


def read_conversations(rows: Any, from_us: int, to_us: int) -> Conversations:
    """Conversations that began in a period and in which both sides spoke."""
    customer = rows.side == "customer"
    grouped = rows.filter((rows.ts_us >= from_us) & (rows.ts_us < to_us)).group_by("conversation_key")
    talks = grouped.agg(
        person=rows.person_key.max(),
        began_us=rows.ts_us.min(),
        company=rows.sentiment.mean(where=~customer),
        customer=rows.sentiment.mean(where=customer),
        spoke=customer.sum(),
        answered=(~customer).sum(),
        **{name: rows[name].max() for name in DIMENSIONS},
    )
    both = talks.filter((talks.spoke > 0) & (talks.answered > 0) & talks.person.notnull())
    read = both.order_by("began_us", "conversation_key").to_pyarrow()
    groups = {name: read[name].fill_null("").combine_chunks() for name in DIMENSIONS}
    persons = read["person"].combine_chunks().dictionary_encode().indices.to_numpy()
    company, customer = (read[name].to_numpy().astype(np.float64) for name in ("company", "customer"))
    return Conversations(persons, read["began_us"].to_numpy(), company, customer, groups)


def _empathy(snapshot: Snapshot, parts: Parts, from_us: int, to_us: int) -> tuple[Level, ...]:
    """The parts of empathy for which a scorer was decided."""
    found, scored = [], snapshot.resolved(SENTIMENTS)
    for quality, version in parts:
        own = scored.filter((scored.scorer == version) & (scored.ts_us >= from_us) & (scored.ts_us < to_us))
        rows = own.filter(own.sentiment.notnull()).select("person_key", "sentiment").to_pyarrow()
        told = mean(rows["sentiment"].to_numpy(), rows["person_key"].to_numpy())
        found.append(Level(QUALITIES[quality].title, version, told))
    return tuple(found)


def _end(snapshot: Snapshot) -> int:
    """Where the messages end: just behind the newest that does not lie ahead."""
    newest_us, now_us = snapshot.last_us(MESSAGES), clock.now_us()
    if newest_us is None or newest_us > now_us:
        messages = snapshot.table(MESSAGES)
        newest_us = messages.filter(messages.ts_us <= now_us).ts_us.max().to_pyarrow().as_py()
    return int(newest_us or 0) + 1


def _scored(snapshot: Snapshot, scorer: str) -> Any:
    """Messages with their person and their sentiment by the pinned scorer."""
    messages, scored = snapshot.resolved(MESSAGES), snapshot.table(SENTIMENTS)
    own = scored.filter(scored.scorer == scorer).select(scored_key="message_key", sentiment="sentiment")
    return messages.left_join(own, messages.message_key == own.scored_key).drop("scored_key")


def _words(rows: Any, from_us: int, to_us: int) -> tuple[Said, Answered]:
    wanted = rows.filter((rows.ts_us >= from_us) & (rows.ts_us < to_us) & rows.person_key.notnull())
    english = wanted.filter((wanted.language == "en") | wanted.language.isnull())
    newest = english.order_by(ibis.desc("ts_us"), "message_key").limit(MOST_MESSAGES)
    read = newest.order_by("conversation_key", "ts_us", "message_key").select(
        "conversation_key", "person_key", "side", "sentiment", "text"
    )
    found = read.to_pyarrow()
    said = Said(
        found["conversation_key"].to_numpy(),
        found["person_key"].to_numpy(),
        np.asarray(found["side"].to_numpy() != "customer", dtype=bool),
        found["sentiment"].to_numpy().astype(np.float64),
        found["text"].combine_chunks() if found.num_rows else pa.array([], pa.string()),
    )
    return said, answered(said)


def _names(snapshot: Snapshot, keys: list[int]) -> dict[int, str]:
    """The conversations' own ids, of the few that are shown."""
    rows = snapshot.keyed(MESSAGES, "conversation_key", keys, "conversation_key", "conversation_id")
    return {row["conversation_key"]: row["conversation_id"] for row in rows}
