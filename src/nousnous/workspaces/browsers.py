"""What browsers of customers are told: each part of the product writes its own, the collector hands out the whole."""

from typing import Any

from django.db import transaction

from nousnous.workspaces.models import BrowserConfiguration, Workspace


def tell_browsers(workspace: Workspace, part: str, content: Any) -> None:
    """Replace what one part tells; browsers hear of it within minutes."""
    with transaction.atomic():
        row, _ = BrowserConfiguration.objects.select_for_update().get_or_create(workspace=workspace)
        row.parts = {**row.parts, part: content}
        row.save()


def told_to_browsers(workspace: Workspace, part: str) -> Any:
    """What a part tells, None where it never did."""
    row = BrowserConfiguration.objects.filter(workspace=workspace).first()
    return row.parts.get(part) if row else None
