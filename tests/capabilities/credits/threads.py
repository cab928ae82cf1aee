"""What fifty threads of one process grant at once; run in a process of its own, prints JSON."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import django


def main() -> None:
    django.setup()
    from nousnous.capabilities.credits.actions import set_budget, standing_of
    from nousnous.capabilities.credits.models import Posting
    from nousnous.workspaces.models import Workspace

    answers = {}
    for name, people, cents in (("many", 50, 100_007), ("one", 1, 100_007)):
        workspace = Workspace.objects.create(slug=name, name=name)
        set_budget(workspace, cents, 90, "test")
        said = _at_once(workspace.pk, people)
        standing, postings = standing_of(workspace), Posting.objects.of(workspace)
        accounts = [postings.balance(account) for account in (Posting.FUNDS, Posting.BUDGET, Posting.GRANTED)]
        answers[name] = {"said": said, "left": standing.left, "granted": standing.granted, "sum": sum(accounts)}
    print(json.dumps(answers))  # noqa: T201  # the test reads it


def _at_once(workspace_id: str, people: int) -> dict[str, int]:
    from django.db import connection

    from nousnous.base import clock
    from nousnous.base.errors import NousError
    from nousnous.capabilities.credits.actions import Receiver, Wish, grant_credit
    from nousnous.workspaces.models import Workspace

    barrier = Barrier(50)

    def grant(number: int) -> str:
        workspace = Workspace.objects.get(pk=workspace_id)
        receiver = Receiver(f"p{number % people}", (number % people + 1,))
        wish = Wish(f"key-{number}", clock.now_us(), 2_999, 2_999)
        barrier.wait()
        try:
            first = grant_credit(workspace, receiver, wish, "test")
            return "granted" if grant_credit(workspace, receiver, wish, "test").pk == first.pk else "twice"
        except NousError as trouble:
            return type(trouble).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        return Counter(pool.map(grant, range(50)))


if __name__ == "__main__":
    main()
