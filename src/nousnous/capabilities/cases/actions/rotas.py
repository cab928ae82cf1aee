"""Keeping rotas, and what each of their members has to do now."""

from datetime import timedelta

from nousnous.base import clock
from nousnous.base.errors import Missing, NousError, Place, Refused
from nousnous.capabilities.cases.measures.rota import Load, next_on_duty, parse_rota
from nousnous.capabilities.cases.measures.rota import Rota as Definition
from nousnous.capabilities.cases.models import Case, Rota
from nousnous.plays.channels.actions import channel_for
from nousnous.plays.registry import action_named
from nousnous.runs.actions import start_run
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Member, Workspace

CLOCK_RUN = "cases.clock"
A_DAY = timedelta(days=2)
"""How far back it matters when cases were given: the longest day of any time zone."""


def apply_rota(workspace: Workspace, text: str, file: str | None, actor: str) -> Rota:
    """Keep a text as the rota that it names; cases that wait for somebody are looked at again at once."""
    definition = parse_rota(text, file)
    _check(workspace, definition, file)
    kept = {"text": text, "actor": actor[:200], "applied_at": clock.now()}
    rota, _ = Rota.objects.update_or_create(workspace=workspace, rota_id=definition.id, defaults=kept)
    audit(workspace, actor, "apply rota", definition.id)
    for case in Case.objects.of(workspace).filter(team=definition.id, state=Case.WAITING):
        key = f"{case.id}-{clock.now_us()}"
        start_run(CLOCK_RUN, {"case": case.id}, workspace_id=workspace.id, key=key)
    return rota


def _check(workspace: Workspace, definition: Definition, file: str | None) -> None:
    """Refuse who is no member here, a channel or a survey that is not there, and a rota that nobody ever wakes for."""
    known = set(Member.objects.filter(workspace=workspace).values_list("user__email", flat=True))
    for at, one in enumerate(definition.members, start=1):
        if one.email not in known:
            said = f"{one.email} is no member of this workspace; invite them first."
            raise Refused(said, Place(file, field=f"member {at}"))
    if next_on_duty(definition, clock.now(), {}) is None:
        said = "Nobody of this rota is at work in the next sixty days; look at its hours and days off."
        raise Refused(said, Place(file, field="member"))
    try:
        if definition.slack:
            channel_for(workspace.id, "slack", definition.slack)
        if definition.survey:
            action_named("ask_survey").check({"survey": definition.survey})
    except NousError as trouble:
        raise Refused(trouble.sentence, Place(file, field="rota")) from None


def rota_of(workspace: Workspace, rota_id: str = "") -> Rota:
    """The rota of an id, or the only one there is."""
    found = list(list_rotas(workspace))
    chosen = [one for one in found if one.rota_id == rota_id] if rota_id else found
    if len(chosen) == 1:
        return chosen[0]
    if not found:
        raise Missing("There is no rota yet; `nous case rota FILE` keeps one.")
    names = ", ".join(one.rota_id for one in found)
    raise Missing(f"Name one of the rotas: {names}." if not rota_id else f"There is no rota “{rota_id}”, only {names}.")


def list_rotas(workspace: Workspace) -> list[Rota]:
    return list(Rota.objects.filter(workspace=workspace))


def loads_of(workspace: Workspace) -> dict[str, Load]:
    """What everybody has now, by their addresses."""
    cases = Case.objects.of(workspace).exclude(owner="")
    found: dict[str, Load] = {}
    for owner in cases.exclude(state=Case.CLOSED).values_list("owner", flat=True):
        found[owner] = Load(found.get(owner, Load()).open + 1)
    for owner, given in cases.filter(given_at__gt=clock.now() - A_DAY).values_list("owner", "given_at"):
        load = found.get(owner, Load())
        found[owner] = Load(load.open, (*load.given, *([given] if given else ())))
    return found
