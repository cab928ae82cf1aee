"""The gap says what is done about a step and what was proven of it, and links there."""

import pytest
from django.test import Client
from tests.plays.planted import TEXT as PLAY

from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.capabilities.gaps.actions.standing import standing_report
from nousnous.experiments.actions.keeping import apply_experiment
from nousnous.experiments.actions.proving import apply_fix
from nousnous.journeys.windows import Asked
from nousnous.plays.actions.versions import apply_play
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
FIX = (
    '[fix]\nid = "one-page"\njourney = "shop"\nstep = "checkout"\nmetric = "completion"\n'
    "chosen = 2026-01-05\nshipped = 2026-02-02\n"
)
ARMS = '[[variant]]\nid = "a"\n[[variant]]\nid = "b"\n[[metric]]\ncatalogue = "completion"\nstep = "delivery"\n'


def test_plays_and_proofs_of_a_step_stand_in_the_report_and_on_its_page(shop: Workspace) -> None:
    assert {(row.play, row.proof) for row in standing_report(shop, Asked()).steps} == {(None, None)}
    apply_fix(shop, FIX, None, "ada")
    apply_experiment(shop, f'[experiment]\nid = "box"\nreading = "any time"\n{ARMS}', None, "ada")
    apply_play(shop, PLAY.format(play="call", name="Call them", event="Checkout"), None, "ada")
    rows = {row["step"]: row for row in gap_report(shop, Asked()).as_dict()["steps"]}
    assert rows["checkout"]["proof"] == {"kind": "fix", "id": "one-page", "name": "one-page", "status": "ended"}
    assert (rows["delivery"]["proof"]["id"], rows["delivery"]["play"]) == ("box", None)
    assert rows["checkout"]["play"]["name"] == "Call them"
    standing = {row.step.id: row.proof for row in standing_report(shop, Asked()).steps}
    assert standing == {step: row["proof"] for step, row in rows.items()}

    client = Client()
    client.force_login(add_member(shop, "ada@shop.example", "editor").user)
    page = client.get(f"/w/{shop.slug}/gap/shop/checkout/").content.decode()
    assert f'href="/w/{shop.slug}/fixes/one-page/"' in page
    assert "A play acts on it: Call them" in page
