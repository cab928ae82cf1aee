"""Secrets as they lie in the records: sealed with the installation's own, so that copies of these open nothing."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from nousnous.base.errors import Refused


def sealed(secrets: dict[str, str]) -> bytes:
    return _fernet().encrypt(json.dumps(secrets).encode())


def opened(seal: bytes) -> dict[str, str]:
    """The secrets again; refused where the installation's secret is another than the one that sealed them."""
    try:
        found: dict[str, str] = json.loads(_fernet().decrypt(seal))
    except InvalidToken:
        raise Refused("Its secrets were sealed under another NOUS_SECRET_KEY; paste them once more.") from None
    return found


def _fernet() -> Fernet:
    digest = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"nous channels").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
