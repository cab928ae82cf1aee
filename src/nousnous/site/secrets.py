"""The secret of an installation, made once and kept in its home folder."""

import os
import secrets
from pathlib import Path


def installation_secret(home: Path) -> str:
    """The secret that signs sessions; readable by its owner alone."""
    path = home / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret
