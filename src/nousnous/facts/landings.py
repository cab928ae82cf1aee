"""What loaders, merges, erasures and undos tell the rest of the house through the outbox."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventsLanded:
    """New rows stand in the lake of a workspace, up to `landed_us`."""

    workspace_id: str
    landed_us: int


@dataclass(frozen=True, slots=True)
class PersonsMerged:
    """Identities changed the person they belong to."""

    workspace_id: str
    landed_us: int


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A person and all that was kept of them is gone."""

    workspace_id: str
    receipt: str


@dataclass(frozen=True, slots=True)
class ImportFinished:
    """All rows of a file stand in the lake: what the past holds can be judged now."""

    workspace_id: str
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """The rows that an import brought are gone."""

    workspace_id: str
    import_id: str
