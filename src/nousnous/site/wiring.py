"""Which part answers for which port, and which runs follow from which facts."""

from nousnous.collector.imports.uploads import IMPORT_RUN, perform_import
from nousnous.collector.ports import bind_people
from nousnous.people.landing import LandingPeople
from nousnous.runs import registry
from nousnous.warehouse.actions import RETENTION_RUN, perform_retention


def wire() -> None:
    """Bind everything; called once, when Django has loaded the parts."""
    bind_people(LandingPeople())
    registry.register(RETENTION_RUN, perform_retention)
    registry.register(IMPORT_RUN, perform_import)
