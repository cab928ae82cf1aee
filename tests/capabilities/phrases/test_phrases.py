"""Wordings are proposed, decided in time and served; who approves and programs are told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.capabilities.phrases.planted import plant_phrase
from tests.plays.channels.conftest import Connected, Other, connected, other  # noqa: F401  # fixtures

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.capabilities.phrases.actions.serving import serve_bundle, serve_phrase
from nousnous.capabilities.phrases.actions.writing import (
    Proposal,
    approve_wording,
    decline_wording,
    propose_wording,
    withdraw_wording,
)
from nousnous.capabilities.phrases.measures import chosen
from nousnous.capabilities.phrases.models import Phrase, Wording
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def approved(workspace: Workspace, plain: str, tone: str = "plain", locale: str = "en") -> Wording:
    made = propose_wording(workspace, Proposal("hold", plain, tone, locale), "an editor")
    return approve_wording(workspace, "hold", made.number, "an owner")


def said(workspace: Workspace, locale: str = "", tone: str = "") -> str:
    return str(serve_phrase(workspace, "hold", locale, tone)[0]["plain"])


def test_only_what_is_approved_is_served_and_the_newest_takes_the_place_of_the_one_before(workspace: Workspace) -> None:
    first = propose_wording(workspace, Proposal("hold", "Please wait."), "an editor")
    with pytest.raises(Missing, match="No wording of “hold” is approved"):
        said(workspace)
    approve_wording(workspace, "hold", first.number, "an owner")
    tag = serve_phrase(workspace, "hold", "", "")[1]
    second = approved(workspace, "Bear with us.")
    assert (said(workspace), second.number) == ("Bear with us.", 2)
    assert serve_phrase(workspace, "hold", "", "")[1] != tag
    assert Wording.objects.get(number=1).status == Wording.REPLACED
    withdraw_wording(workspace, "hold", 2, "It promises too much.", "an owner")
    with pytest.raises(Missing):
        said(workspace)


def test_a_language_falls_back_to_its_parent_and_a_tone_to_the_phrases_own(workspace: Workspace) -> None:
    approved(workspace, "Wait.")
    approved(workspace, "Warten Sie.", "legal", "de")
    assert said(workspace, "de_AT", "plain") == "Warten Sie."
    assert said(workspace, "fr", "warm") == "Wait."
    bundle, tag = serve_bundle(workspace)
    assert bundle["phrases"]["hold"]["wordings"]["de"] == {"legal": {"plain": "Warten Sie.", "version": 2}}
    assert bundle["tag"] == tag.strip('"')


@given(st.lists(st.tuples(st.sampled_from(["en", "de", "fr"]), st.sampled_from(["a", "b"])), unique=True))
@settings(max_examples=40)
def test_somebody_who_asks_is_answered_by_what_is_nearest_whatever_stands(rows: list[tuple[str, str]]) -> None:
    served = [{"locale": one, "tone": tone, "phrase__locale": "en", "phrase__tone": "a"} for one, tone in rows]
    found = chosen(served, "de-ch", "b")
    spoken = {one for one, _ in rows}
    assert (found is None) == (not rows)
    if found:
        assert found["locale"] == ("de" if "de" in spoken else "en" if "en" in spoken else "fr")
        assert (found["tone"] == "b") == ((found["locale"], "b") in rows)


def test_a_decision_is_made_once_and_what_is_wrong_is_said(workspace: Workspace) -> None:
    plant_phrase(workspace, "hold")
    decline_wording(workspace, "hold", 2, "It apologises for nothing.", "an owner")
    with pytest.raises(Conflict, match="declined already"):
        approve_wording(workspace, "hold", 2, "an owner")
    with pytest.raises(Conflict, match="says just that"):
        propose_wording(workspace, Proposal("hold", "Your north order is late."), "an editor")
    wrong = {"key": "No spaces!", "tone": "very kind", "locale": "english please", "plain": " "}
    for field, value in wrong.items():
        with pytest.raises(Refused) as refusal:
            propose_wording(workspace, Proposal(**{"key": "hold", "plain": "x", field: value}), "an editor")
        assert refusal.value.place is not None
        assert refusal.value.place.field == field
    assert Phrase.objects.get().wordings.count() == 3


def test_who_approves_is_reminded_in_slack_until_somebody_decides(
    workspace: Workspace,
    other: Other,  # noqa: F811
    connected: Connected,  # noqa: F811
) -> None:
    connected("slack")
    start_us = clock.now_us()
    with clock.frozen(start_us):
        propose_wording(workspace, Proposal("hold", "Please <wait>."), "an editor")
        work_all()
    (asked,) = other.kept
    assert "waits for approval, within 48 hours" in asked["text"]
    assert "&lt;wait&gt;" in asked["text"]
    assert asked["blocks"][0]["accessory"]["url"].endswith("/w/north/phrases/hold/")
    for hours in (24, 30, 44, 48, 90):
        with clock.frozen(start_us + hours * clock.HOUR_US):
            work_all()
    told = [one["text"].splitlines()[0] for one in other.kept[1:]]
    assert [words.split(";")[-1].strip(" *") for words in told] == [
        "a day is left",
        "four hours are left",
        "it is not served",
    ]
    with clock.frozen(start_us):
        made = propose_wording(workspace, Proposal("hold", "Bear with us."), "an editor")
        approve_wording(workspace, "hold", made.number, "an owner")
        work_all()
    assert len(other.kept) == 4


def test_programs_are_told_of_each_change_once(
    workspace: Workspace,
    other: Other,  # noqa: F811
    connected: Connected,  # noqa: F811
) -> None:
    channel = connected("webhook")
    channel.name = "phrases"
    channel.save()
    approved(workspace, "Please wait.")
    withdraw_wording(workspace, "hold", 1, "It is rude.", "an owner")
    work_all()
    published, withdrawn = other.kept
    assert (published["type"], published["data"]["plain"]) == ("phrase.changed", "Please wait.")
    assert (published["data"]["status"], withdrawn["data"]["status"]) == ("published", "withdrawn")
