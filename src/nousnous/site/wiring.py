"""Which part answers for which port, and which runs follow from which facts."""

from nousnous.capabilities.gaps.actions.files import FileBeliefs
from nousnous.capabilities.gaps.actions.judging import VERDICTS_RUN, perform_verdicts
from nousnous.collector.imports.uploads import IMPORT_RUN, perform_import
from nousnous.collector.ports import bind_people
from nousnous.facts.journeys import JourneyApplied
from nousnous.facts.landings import EventsLanded, ImportFinished, ImportUndone, PersonErased, PersonsMerged
from nousnous.journeys.actions.evidence import erase_evidence
from nousnous.journeys.actions.visits import VISITS_RUN, perform_visits
from nousnous.journeys.ports import bind_beliefs
from nousnous.people.landing import LandingPeople
from nousnous.people.ports import bind_erasers
from nousnous.runs import registry
from nousnous.warehouse.actions import RETENTION_RUN, perform_retention


def wire() -> None:
    """Bind everything; called once, when Django has loaded the parts."""
    bind_people(LandingPeople())
    bind_erasers(erase_evidence)
    registry.register(RETENTION_RUN, perform_retention)
    registry.register(IMPORT_RUN, perform_import)
    bind_beliefs(FileBeliefs())
    registry.register(VERDICTS_RUN, perform_verdicts)
    registry.follow(ImportFinished, VERDICTS_RUN)
    registry.follow(JourneyApplied, VERDICTS_RUN)
    registry.register(VISITS_RUN, perform_visits)
    for fact in (EventsLanded, PersonsMerged, PersonErased, ImportUndone, JourneyApplied):
        registry.follow(fact, VISITS_RUN)
