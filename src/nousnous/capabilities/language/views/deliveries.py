"""Where Zendesk and Intercom deliver messages live."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from nousnous.base.errors import Forbidden, Refused
from nousnous.capabilities.language.actions.bringing import hear
from nousnous.workspaces.access import public


@public
@csrf_exempt  # the tool signs what it delivers; nobody is signed in
@require_POST
def deliver(request: HttpRequest, hook: str) -> HttpResponse:
    """Taken when it stands in the lake: what is answered otherwise is delivered again."""
    try:
        hear(hook, request.body, request.headers)
    except Forbidden as error:
        return HttpResponse(error.sentence, status=401, content_type="text/plain")
    except Refused as error:
        return HttpResponse(error.sentence, status=400, content_type="text/plain")
    return HttpResponse(status=200)
