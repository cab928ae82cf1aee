"""What is told of credits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreditGranted:
    """Somebody was given something back; with cents below 0 it was taken back again."""

    workspace_id: str
    identity_keys: tuple[int, ...]
    cents: int
