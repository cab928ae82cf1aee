"""The stage: an empty page that draws recorded pages, under a policy that lets nothing of them run or load.

The recorded page stands in a frame within it that is sandboxed without scripts; the one script of the stage is named
by a number used once, so that no recorded page can name it; there is nothing to connect to, not even this site.
"""

import secrets
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nousnous.workspaces.access import WorkspaceRequest, permission

POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; media-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@permission("replays:read")
@require_safe
def stage(request: WorkspaceRequest) -> HttpResponse:
    nonce = secrets.token_urlsafe(16)
    response = render(request, "replays/stage.html", {"nonce": nonce})
    response["Content-Security-Policy"] = POLICY.format(nonce=nonce)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-DNS-Prefetch-Control"] = "off"
    return response
