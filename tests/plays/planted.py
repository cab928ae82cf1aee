"""A play that stands with a firing that failed, as other tests need one."""

from nousnous.base import clock
from nousnous.plays.models import Firing, Play, PlayVersion
from nousnous.workspaces.models import Workspace

TEXT = """
[play]
id = "{play}"
name = "{name}"

[trigger]
event = "{event}"

[[do]]
action = "email"
subject = "{name}"
text = "{name}"
button = "Go on"
address = "https://shop.example/"
"""


def plant_play(workspace: Workspace, play_id: str, event: str, name: str, identity_key: int = 1) -> tuple[Play, Firing]:
    """A play that is off, and a firing of it for somebody; both bear the name."""
    play, made = Play.objects.get_or_create(workspace=workspace, play_id=play_id, defaults={"name": name})
    if made:
        text = TEXT.format(play=play_id, event=event, name=name)
        PlayVersion.objects.create(play=play, number=1, text=text, actor=f"{name} editor")
    firing = Firing.objects.create(
        play=play,
        version=1,
        message_key=play.firings.count(),
        identity_key=identity_key,
        person=f"{name} person",
        event=event,
        moment_us=clock.now_us(),
        state=Firing.FAILED,
        said=f"email: {name} has no address.",
        due_at=clock.now(),
        decided_at=clock.now(),
    )
    return play, firing
