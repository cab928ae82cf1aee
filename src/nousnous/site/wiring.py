"""Which part answers for which port, and which runs follow from which facts.

Parts are named by their paths and imported when they are first used: a command loads no more than it needs.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.utils.module_loading import import_string

from nousnous.collector.ports import bind_detector, bind_flags, bind_people
from nousnous.facts.attrition import AttritionSignalled, RiskRaised
from nousnous.facts.credits import CreditGranted
from nousnous.facts.journeys import JourneyApplied, JourneyPutAway
from nousnous.facts.landings import EventsLanded, ImportFinished, ImportUndone, PersonErased, PersonsMerged
from nousnous.facts.phrases import ToneChosen
from nousnous.facts.scores import LowScoreGiven
from nousnous.journeys.ports import bind_beliefs
from nousnous.people.ports import bind_erasers, bind_tellers
from nousnous.plays.buttons import bind_buttons
from nousnous.plays.ports import bind_measure
from nousnous.plays.registry import bind_actions, bind_triggers
from nousnous.runs import registry

PERFORMERS = {
    "runs.housekeeping": "nousnous.runs.housekeeping.perform_housekeeping",
    "warehouse.retention": "nousnous.warehouse.actions.perform_retention",
    "collector.import": "nousnous.collector.imports.uploads.perform_import",
    "people.erasure": "nousnous.people.actions.erasure.perform_erasure",
    "journeys.visits": "nousnous.journeys.actions.visits.perform_visits",
    "gaps.verdicts": "nousnous.capabilities.gaps.actions.judging.perform_verdicts",
    "spreads.low_scores": "nousnous.capabilities.spreads.actions.low_scores.perform_low_scores",
    "spreads.screens": "nousnous.capabilities.spreads.actions.telling.perform_screens",
    "surveys.telling": "nousnous.capabilities.surveys.actions.told.perform_telling",
    "themes.find": "nousnous.capabilities.themes.actions.finding.perform_find",
    "attrition.signals": "nousnous.capabilities.attrition.actions.signals.perform_signals",
    "attrition.train": "nousnous.capabilities.attrition.actions.forecasting.perform_train",
    "attrition.risks": "nousnous.capabilities.attrition.actions.forecasting.perform_risks",
    "language.score": "nousnous.capabilities.language.actions.scoring.perform_score",
    "language.rescore": "nousnous.capabilities.language.actions.switching.perform_rescore",
    "language.train": "nousnous.capabilities.language.actions.training.perform_train",
    "plays.triggers": "nousnous.plays.actions.triggers.perform_triggers",
    "plays.firing": "nousnous.plays.actions.firing.perform_firing",
    "plays.tick": "nousnous.plays.actions.calendar.perform_tick",
    "plays.look": "nousnous.plays.actions.calendar.perform_look",
    "credits.billing": "nousnous.capabilities.credits.actions.perform_billing",
    "cases.clock": "nousnous.capabilities.cases.actions.clocks.perform_clock",
    "cases.post": "nousnous.capabilities.cases.actions.posting.perform_post",
    "cases.digest": "nousnous.capabilities.cases.actions.posting.perform_digest",
    "cases.closing": "nousnous.capabilities.cases.actions.working.perform_closing",
    "cases.credit": "nousnous.capabilities.cases.actions.told.perform_credit",
    "channels.answer": "nousnous.plays.channels.interactions.perform_answer",
    "phrases.proposal": "nousnous.capabilities.phrases.actions.writing.perform_proposal",
    "phrases.clock": "nousnous.capabilities.phrases.actions.telling.perform_clock",
    "phrases.telling": "nousnous.capabilities.phrases.actions.telling.perform_telling",
    "workshops.close": "nousnous.capabilities.workshops.actions.holding.perform_close",
    "workshops.repeat": "nousnous.capabilities.workshops.actions.holding.perform_repeat",
}
NAMES = {
    "runs.housekeeping": "Housekeeping",
    "warehouse.retention": "Letting go of what is past its term",
    "collector.import": "Import of a file",
    "journeys.visits": "Finding visits of journeys",
    "gaps.verdicts": "Judging beliefs of the week",
    "spreads.low_scores": "Keeping low scores",
    "spreads.screens": "Finding screens behind low answers",
    "surveys.telling": "Telling browsers which surveys to ask",
    "themes.find": "Finding themes in open answers",
    "attrition.signals": "Finding signs of fading",
    "attrition.train": "Learning who leaves",
    "attrition.risks": "Giving customers their chance to leave",
    "language.score": "Hearing how messages sound",
    "language.rescore": "Scoring all history by another scorer",
    "language.train": "Learning from labels of messages",
    "plays.triggers": "Looking for what plays wait for",
    "plays.firing": "A play for one person",
    "plays.tick": "A play of the calendar, for everybody of a segment",
    "plays.look": "Looking whether a metric passed its value",
    "credits.billing": "Telling the billing system of a credit",
    "cases.clock": "The clock of a case",
    "cases.post": "Telling Slack of a case",
    "cases.digest": "The digest of cases in the morning",
    "cases.closing": "Asking whether a case is resolved",
    "cases.credit": "Noting what was given back in a case",
    "channels.answer": "Answering a button in Slack",
    "people.erasure": "Erasing a person",
    "phrases.proposal": "Putting a workshop's winner before who approves",
    "phrases.clock": "Reminding who approves a wording",
    "phrases.telling": "Telling programs of a changed phrase",
    "workshops.close": "Counting the votes of a workshop",
    "workshops.repeat": "Holding a workshop again",
}
FOLLOWERS = {
    "journeys.visits": (EventsLanded, PersonsMerged, PersonErased, ImportUndone, JourneyApplied),
    "gaps.verdicts": (ImportFinished, JourneyApplied),
    "spreads.low_scores": (EventsLanded, ImportUndone, PersonErased),
    "spreads.screens": (ImportFinished, ImportUndone, JourneyApplied),
    "surveys.telling": (JourneyApplied, JourneyPutAway),
    "themes.find": (EventsLanded, ImportUndone, PersonErased),
    "attrition.signals": (EventsLanded, PersonsMerged, ImportUndone),
    "language.score": (EventsLanded, ImportUndone),
    "plays.triggers": (EventsLanded,),
    "phrases.proposal": (ToneChosen,),
    "cases.credit": (CreditGranted,),
}
TRIGGERS = {
    "attrition_signalled": (AttritionSignalled, "nousnous.capabilities.attrition.plays.SIGNALLED"),
    "risk_raised": (RiskRaised, "nousnous.capabilities.attrition.plays.RAISED"),
    "low_score_given": (LowScoreGiven, "nousnous.capabilities.spreads.plays.GIVEN"),
}
ACTIONS = {
    name: f"nousnous.plays.channels.{name}.ACTION"
    for name in ("email", "in_page", "slack", "webhook", "github", "jira", "linear", "push")
}
ACTIONS["open_case"] = "nousnous.capabilities.cases.plays.ACTION"
ACTIONS["ask_survey"] = "nousnous.capabilities.surveys.plays.ACTION"
ACTIONS["grant_credit"] = "nousnous.capabilities.credits.plays.ACTION"
BUTTONS = {
    "take": "nousnous.plays.channels.slack.taken",
    "claim_case": "nousnous.capabilities.cases.actions.working.claimed_in_slack",
}
KEEPERS = (
    "nousnous.capabilities.gaps.actions.judging.keep_all_weekly",
    "nousnous.capabilities.spreads.actions.telling.keep_all_weekly",
    "nousnous.plays.actions.calendar.keep_all_calendars",
    "nousnous.capabilities.cases.actions.posting.keep_all_digests",
)
PAUSES = {
    "journeys.visits": timedelta(seconds=5),
    "spreads.low_scores": timedelta(seconds=5),
    "themes.find": timedelta(seconds=30),
    "attrition.signals": timedelta(minutes=5),
    "language.score": timedelta(seconds=30),
}
ERASERS = (
    "nousnous.journeys.actions.evidence.erase_evidence",
    "nousnous.plays.actions.told.erase_firings",
    "nousnous.plays.channels.in_page.erase_messages",
    "nousnous.plays.channels.push.erase_subscriptions",
    "nousnous.capabilities.surveys.actions.told.erase_askings",
    "nousnous.capabilities.spreads.actions.low_scores.erase_low_scores",
    "nousnous.capabilities.credits.actions.erase_credits",
    "nousnous.capabilities.cases.actions.told.erase_cases",
    "nousnous.capabilities.language.actions.labelling.erase_labels",
)
TELLERS = (
    "nousnous.journeys.actions.told.tell_of_person",
    "nousnous.plays.actions.told.tell_firings",
    "nousnous.plays.channels.in_page.tell_messages",
    "nousnous.plays.channels.push.tell_subscriptions",
    "nousnous.capabilities.surveys.actions.told.tell_of_person",
    "nousnous.capabilities.spreads.actions.low_scores.tell_low_scores",
    "nousnous.capabilities.credits.actions.tell_credits",
    "nousnous.capabilities.cases.actions.told.tell_cases",
    "nousnous.capabilities.attrition.actions.signals.tell_signals",
    "nousnous.capabilities.language.actions.scoring.tell_sentiments",
    "nousnous.capabilities.language.actions.labelling.tell_labels",
)
PLANNED = {
    "runs.housekeeping": "40 2 * * *",
    "warehouse.retention": "20 3 * * *",
    "themes.find": "50 3 * * *",
    "attrition.signals": "10 4 * * *",
    "attrition.risks": "30 4 * * *",
    "attrition.train": "0 5 * * 1",
    "language.score": "20 4 * * *",
}


def wire() -> None:
    """Bind everything; called once, when Django has loaded the parts."""
    bind_people(_Late("nousnous.people.landing.LandingPeople"))
    bind_detector(_late("nousnous.capabilities.replays.measures.clicks.signals_in"))
    bind_flags(_Late("nousnous.experiments.actions.flags.ExperimentFlags"))
    bind_beliefs(_Late("nousnous.capabilities.gaps.actions.files.FileBeliefs"))
    bind_erasers(*map(_late, ERASERS))
    bind_tellers(*map(_late, TELLERS))
    bind_actions(ACTIONS)
    bind_triggers({name: path for name, (_, path) in TRIGGERS.items()})
    bind_buttons(BUTTONS)
    bind_measure(_late("nousnous.capabilities.gaps.actions.watching.metric_day_by_day"))
    for kind, path in PERFORMERS.items():
        registry.register(kind, _late(path), PAUSES.get(kind, timedelta(0)))
        registry.name(kind, NAMES[kind])
    for name, (fact, _) in TRIGGERS.items():
        registry.register(f"plays.{name}", partial(_call, "nousnous.plays.actions.triggers.perform_told", name))
        registry.name(f"plays.{name}", "Firing the plays that wait for a fact")
        registry.follow(fact, f"plays.{name}")
    for kind, facts in FOLLOWERS.items():
        for fact in facts:
            registry.follow(fact, kind)
    for kind, cron in PLANNED.items():
        registry.plan(kind.partition(".")[2], cron, kind)
    for path in KEEPERS:
        registry.keep_by(path, _late(path))


def _late(path: str) -> Any:
    return partial(_call, path)


def _call(path: str, *arguments: Any) -> Any:
    return import_string(path)(*arguments)


class _Late:
    """An object of a class that is imported when something is first asked of it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Any:
        return getattr(import_string(self._path)(), name)
