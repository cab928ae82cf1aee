"""Whether a mail was opened and its button followed: seen only of people who allowed just that.

The address that is followed is signed together with the firing, so that ours leads nowhere but where a mail led.
"""

from typing import Final

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.db.models.functions import Coalesce

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.facts.plays import Firing
from nousnous.people.actions.consents import grants
from nousnous.plays.models import Firing as Record

SALT: Final = "plays.seeing"
PURPOSE: Final = "mail-tracking"
PIXEL: Final = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


def pixel_of(firing: Firing) -> str:
    """The address of a picture that tells that a mail was opened; empty where that may not be seen."""
    return _address("o", firing, "") if grants(firing.workspace_id, PURPOSE, firing.identity_keys) else ""


def address_of(firing: Firing, target: str) -> str:
    """The address behind the button of a mail: the target, by way of ours where following may be seen."""
    return _address("c", firing, target) if grants(firing.workspace_id, PURPOSE, firing.identity_keys) else target


def opened(letter: str) -> None:
    """Note that a mail was opened."""
    _note(_told(letter)[0], "opened_at")


def followed(letter: str, *, seen: bool = True) -> str:
    """Note that the button of a mail was followed, which opened it, too; answers where it leads."""
    firing_id, target = _told(letter)
    if not target:
        raise Refused("This address is not whole; use the one in the mail.")
    if seen:
        _note(firing_id, "opened_at", "clicked_at")
    return target


def _address(kind: str, firing: Firing, target: str) -> str:
    letter = signing.dumps([firing.key.rpartition("-")[0], target], salt=SALT, compress=True)
    return f"{settings.NOUS.address.rstrip('/')}/{kind}/{letter}/"


def _told(letter: str) -> tuple[str, str]:
    try:
        firing_id, target = signing.loads(letter, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refused("This address is not whole; use the one in the mail.") from None
    return str(firing_id), str(target)


def _note(firing_id: str, *moments: str) -> None:
    """The first time counts; who took the consent back, or was erased, is not looked at any more."""
    record = Record.objects.select_related("play").filter(pk=firing_id).first()
    if record is None or record.identity_key is None:
        return
    if grants(record.play.workspace_id, PURPOSE, [record.identity_key]):
        now = clock.now()
        Record.objects.filter(pk=firing_id).update(**{name: Coalesce(F(name), now) for name in moments})
