"""Write markup into every text of a workspace that somebody may write: members by the records, strangers by events."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import tomlkit
from django.core.mail import EmailMultiAlternatives
from django.db import models
from tests.capabilities.language.planted import plant_conversation
from tests.capabilities.replays.recorded import START_MS, bring, click, page, piece
from tests.hostile import MARKUP, SCRIPT, SHORT
from tests.people.test_fields import LOOKED_THROUGH, OF_MEMBERS, name_of
from tests.site.planted import ways_to_workspace

from nousnous.base import clock
from nousnous.capabilities.attrition.actions.signals import find_signals
from nousnous.capabilities.surveys.actions.asking import Who, ask
from nousnous.capabilities.surveys.actions.mailing import Recipient, mail_of
from nousnous.capabilities.surveys.actions.versions import survey_of
from nousnous.capabilities.workshops.actions import letters
from nousnous.capabilities.workshops.models import Workshop
from nousnous.collector.accepting import accept_events
from nousnous.collector.loader import Loader
from nousnous.workspaces.models import Workspace

# Texts that are addresses, ids or keys: what is no id is refused where it is written
NAMING = {"email", "id", "key", "link", "name of Channel", "name of Segment", "password", "segment", "slug"}
# Texts of documents that say something to people; all others are ids, kinds and numbers
SAYING = {
    "name",
    "owner",
    "text",
    "title",
    "label",
    "said",
    "sentence",
    "offer",
    "champion",
    "defender",
    "designed",
    "help",
    "low",
}
NOW_EVENTS = ("Page Viewed", "Rage Click", "Dead Click", "Element Clicked", "Product Added to Wishlist", "x", MARKUP)
WORDS = ("screen", "element", "country", "channel", "platform", "topic", "campaign", "name", "role", "title", "comment")


def spoil(workspace: Workspace, things: Mapping[str, object]) -> None:
    """Spoil the records, and let a stranger with the write key send what they like."""
    _watched(workspace, things)
    for model, way in ways_to_workspace().items():
        said = LOOKED_THROUGH.get(name_of(model), set()) | OF_MEMBERS.get(name_of(model), set())
        for row in model._default_manager.filter(**{way: workspace.pk}):
            changes = {name: _spoiled(row, model._meta.get_field(name)) for name in said if not _names(model, name)}
            model._default_manager.filter(pk=row.pk).update(**changes)


def letters_of(workspace: Workspace, things: Mapping[str, object]) -> list[EmailMultiAlternatives]:
    """Mails of a survey and of a workshop, as they would go out."""
    survey = survey_of(workspace, str(things["survey"]))
    asking = ask(survey, Who(user_id=MARKUP), "email")
    workshop = Workshop.objects.get(pk=things["workshop"])
    to = Recipient(MARKUP, "ann@acme.example")
    return [mail_of(asking, to), letters._mail(workshop, workshop.rounds.get(), to, None)]


def _names(model: type[models.Model], field: str) -> bool:
    return field in NAMING or f"{field} of {model.__name__}" in NAMING


def _spoiled(row: models.Model, field: Any) -> Any:
    text = getattr(row, field.name)
    if not isinstance(text, str):
        return _within(text)
    if field.name == "reference":
        return SCRIPT
    if text.lstrip().startswith("{"):
        return json.dumps(_within(json.loads(text)))
    if text.lstrip().startswith("["):
        return tomlkit.dumps(_within(tomlkit.parse(text).unwrap()))
    room = field.max_length or 10_000
    return (text + MARKUP) if len(text + MARKUP) <= room else (text[: room - len(SHORT)] + SHORT)


def _within(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _within(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_within(one, name) for one in value]
    return value[:40] + MARKUP if isinstance(value, str) and name in SAYING else value


def _watched(workspace: Workspace, things: Mapping[str, object]) -> None:
    """A recorded session of somebody whose name, device, pages and deeds are markup."""
    session = str(things["session"])
    start_ms = round(time.time() * 1000) - 60_000
    shift = start_ms - START_MS
    known = {"sessionId": session, "userId": MARKUP, "screen": f"/{MARKUP}"}
    bring(workspace, piece("planted", [*page(shift, f"/{SHORT}"), click(shift + 500)], **known))
    plant_conversation(workspace, str(things["conversation_id"]), MARKUP, MARKUP)
    accept_events(workspace, _events(things, start_ms), "test")
    Loader().load()
    find_signals(workspace)


def _events(things: Mapping[str, object], start_ms: int) -> Iterator[dict[str, Any]]:
    said = dict.fromkeys(WORDS, MARKUP) | {"session_id": things["session"], "screen": f"/{MARKUP}", MARKUP: MARKUP}
    answer = {"survey": things["survey"], "question": "q", "metric": "csat", "scale": [1, 5], "value": 1, "step": "pay"}
    told = [(name, said) for name in NOW_EVENTS]
    barrier = {"rule": MARKUP, "level": "AA", "impact": "serious", "count": 1, "elements": [{"element": MARKUP}]}
    told += [("Accessibility Scanned", {"route": f"/{MARKUP}", "kind": "page", "violations": [barrier]})]
    told += [("Product Added to Wishlist", said)] * 2
    told += [("Survey Answered", {**said, **answer, "comment": MARKUP}), ("Experiment Viewed", said)]
    at = clock.from_us
    for number, (name, properties) in enumerate(told):
        yield {
            "type": "track",
            "event": name,
            "userId": MARKUP,
            "anonymousId": SHORT,
            "messageId": f"planted-{number}",
            "timestamp": at((start_ms + 1_000 + number * 100) * 1000).isoformat(),
            "properties": properties,
        }
    yield {"type": MARKUP, "userId": MARKUP, "messageId": "planted-none", "event": MARKUP}
    yield {"type": "identify", "userId": MARKUP, "messageId": "planted-who", "traits": dict.fromkeys(WORDS, MARKUP)}
