"""From a low answer to a call to a recovered customer; and every way in which that can be late or go wrong."""

from datetime import timedelta

import pytest
from tests.capabilities.cases.conftest import Calling
from tests.mails import Inbox
from tests.plays.channels.conftest import Other
from tests.plays.channels.test_slack import pressed, tell
from tests.plays.conftest import NOW, Did, Standing, later

from nousnous.base import clock
from nousnous.base.errors import Conflict, Refused
from nousnous.capabilities.cases.actions import working
from nousnous.capabilities.cases.actions.opening import open_by_hand
from nousnous.capabilities.cases.actions.posting import digest, keep_all_digests
from nousnous.capabilities.cases.actions.reading import list_causes, read_recovery, war_room
from nousnous.capabilities.cases.actions.rotas import apply_rota, rota_of
from nousnous.capabilities.cases.models import Case
from nousnous.people.actions.consents import decide_consent
from nousnous.people.actions.erasure import erase_person
from nousnous.plays.channels.models import Channel
from nousnous.plays.channels.slack import blocks_of
from nousnous.runs.models import Run, Schedule
from nousnous.runs.worker import work_all
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
PLAY = """
[play]
id = "rescue"
name = "Call who is let down"
[trigger]
fact = "low_score_given"
where = { metric = "csat" }
[holdout]
share = 0.0
[[do]]
action = "open_case"
offer = "A credit for the inconvenience we may have caused."
"""
ANSWER = {"survey": "stay", "question": "q", "metric": "csat", "scale": [1, 5]}


@pytest.fixture
def let_down(workspace: Workspace, did: Did, standing: Standing, calling: Calling) -> Case:
    """Somebody ordered, answers low, and a play opens a case."""
    calling()
    standing(PLAY)
    did("Order Completed", revenue=120.0)
    did("Survey Answered", value=1, **ANSWER)
    later(0.01)
    return Case.objects.get(workspace=workspace)


def test_a_low_answer_becomes_a_call_and_a_recovery(
    workspace: Workspace, let_down: Case, other: Other, inbox: Inbox
) -> None:
    case = let_down
    assert (case.state, case.owner, case.source, case.stake) == (Case.RUNNING, "grace@north.example", "csat", 120.0)
    (message,) = other.kept
    assert "answered 1 (CSAT)" in message["text"]
    assert "@grace: listen, do not sell." in message["text"]
    channel = Channel.objects.get(kind="slack")
    for presser in ("linus", "grace"):
        assert tell(channel, pressed(other, message, presser)) == 200
        work_all()
    assert [one["text"] for one in other.answers] == ["linus calls.", "linus@north.example took this case on already."]
    later(1)
    assert len(other.kept) == 1  # nobody is reminded of what is done
    working.close_case(workspace, case.id, working.Closing("Room not ready", resolved=True), "linus@north.example")
    work_all()
    case.refresh_from_db()
    assert (case.state, case.survey) == (Case.CLOSED, "recovery")
    assert [mail["Subject"] for mail in inbox.mails] == ["Did we make it good?"]
    assert [(one.cause, one.count, one.resolved) for one in list_causes(workspace)] == [("Room not ready", 1, 1)]


def test_a_clock_reminds_at_half_time_and_hands_on_at_the_end(
    workspace: Workspace, did: Did, calling: Calling, other: Other
) -> None:
    calling()
    did("Signed Up")
    case, _ = open_by_hand(workspace, "ada@example.org", "waited an hour", "", "test")
    work_all()
    later(0.24)
    assert len(other.kept) == 1
    later(0.26)
    assert "@grace: ada@example.org is not called yet, 15 minutes are left." in other.kept[1]["text"]
    assert other.kept[1]["thread_ts"] == other.kept[0]["ts"]
    later(0.51)
    case.refresh_from_db()
    assert (case.owner, case.state) == ("linus@north.example", Case.RUNNING)
    assert "@linus, it is yours" in other.kept[2]["text"]
    with clock.frozen(clock.to_us(NOW + timedelta(hours=1))):
        assert war_room(workspace).title == "One customer waits longer than promised"
    later(24)
    assert len(other.kept) == 3


def test_with_nobody_awake_a_case_waits_and_says_until_when(
    workspace: Workspace, did: Did, calling: Calling, other: Other
) -> None:
    calling('slack = "our-slack"\nhours = "14:00-15:00"')
    did("Signed Up")
    case, _ = open_by_hand(workspace, "ada@example.org", "waited an hour", "", "test")
    work_all()
    case.refresh_from_db()
    assert (case.state, case.due_at, other.kept) == (Case.WAITING, NOW + timedelta(hours=2), [])
    later(2)
    case.refresh_from_db()
    assert (case.state, case.due_at) == (Case.RUNNING, NOW + timedelta(hours=2, minutes=30))


def test_a_rota_that_nobody_ever_wakes_for_is_refused(workspace: Workspace, calling: Calling) -> None:
    never = '\n[[member]]\nemail = "linus@north.example"\naway = ["2026-01-01/2027-12-31"]\n'
    text = '[rota]\nid = "r"\n' + never
    with pytest.raises(Refused, match="Nobody of this rota is at work in the next sixty days"):
        apply_rota(workspace, text, None, "test")
    with pytest.raises(Refused, match=r"eve@north\.example is no member of this workspace"):
        apply_rota(workspace, text.replace("linus", "eve"), None, "test")


def test_one_person_has_one_case_and_the_same_key_opens_no_second(
    workspace: Workspace, did: Did, calling: Calling
) -> None:
    calling("")
    did("Signed Up")
    first, fresh = open_by_hand(workspace, "ada@example.org", "waited", "", "test")
    second, again = open_by_hand(workspace, "ada@example.org", "waited again", "", "test")
    assert (first, fresh, again) == (second, True, False)


def test_a_revoked_slack_is_told_on_the_case_and_the_clock_goes_on(
    workspace: Workspace, did: Did, calling: Calling, other: Other
) -> None:
    calling()
    did("Signed Up")
    other.revoked = True
    case, _ = open_by_hand(workspace, "ada@example.org", "waited an hour", "", "test")
    work_all()
    later(0.51)
    case.refresh_from_db()
    assert case.trouble == "Slack was not told. Slack says that the token was revoked; paste a new one."
    assert case.escalated_at is not None
    assert not Run.objects.filter(status=Run.DEAD).exists()


def test_who_may_not_be_asked_keeps_a_case_open_until_somebody_decides(
    workspace: Workspace, did: Did, calling: Calling, other: Other
) -> None:
    calling()
    did("Signed Up")
    case, _ = open_by_hand(workspace, "ada@example.org", "waited an hour", "", "test")
    decide_consent(workspace, "ada@example.org", "contact", "denied")
    working.close_case(workspace, case.id, working.Closing("Queue", resolved=False), "grace@north.example")
    work_all()
    case.refresh_from_db()
    assert case.state == Case.CLOSED  # by a link that who called hands over
    assert "give them this link: http" in case.asked
    other_case, _ = open_by_hand(workspace, "ada@example.org", "waited again", "", "test")
    working.close_case(workspace, other_case.id, working.Closing("Queue", resolved=True), "grace@north.example")
    work_all()
    other_case.refresh_from_db()
    assert other_case.state == Case.CLOSING
    assert "They were asked something not long ago" in other_case.trouble
    closed = working.close_unasked(workspace, other_case.id, "grace@north.example")
    assert (closed.state, closed.survey) == (Case.CLOSED, "")
    with pytest.raises(Conflict):
        working.send_again(workspace, other_case.id, "grace@north.example")


def test_recovery_counts_first_answers_after_closing(workspace: Workspace, did: Did, calling: Calling) -> None:
    calling('survey = "recovery"')
    for number in range(6):
        person = f"p{number}@example.org"
        did("Signed Up", person)
        case, _ = open_by_hand(workspace, person, "waited", "", "test")
        working.close_case(workspace, case.id, working.Closing("Queue", resolved=True), "grace@north.example")
    work_all()
    assert read_recovery(workspace).value is None
    for number in range(6):
        told = {**ANSWER, "survey": "recovery", "value": 1 if number == 0 else 5}
        with clock.frozen(clock.to_us(NOW + timedelta(hours=1))):
            did("Survey Answered", f"p{number}@example.org", **told)
    found = read_recovery(workspace)
    assert (found.n, found.value) == (6, pytest.approx(5 / 6))


def test_the_digest_of_the_morning_lists_what_stands_each_line_with_its_button(
    workspace: Workspace, did: Did, calling: Calling, other: Other
) -> None:
    calling()
    keep_all_digests()
    assert Schedule.objects.get(kind="cases.digest").cron == "0 9 * * *"
    for number in range(3):
        did("Signed Up", f"p{number}@example.org")
        open_by_hand(workspace, f"p{number}@example.org", "waited <!channel>", "", "test")
    work_all()
    blocks = blocks_of(digest(workspace, rota_of(workspace).definition))
    assert "*Three customers wait for a call*\n• 3 × hand" in blocks[0]["text"]["text"]
    assert all("&lt;!channel&gt;" in one["text"]["text"] for one in blocks[1:])
    assert {one["accessory"]["action_id"].partition(":")[0] for one in blocks[1:]} == {"claim_case"}
    before = len(other.kept)
    with clock.frozen(clock.to_us(NOW + timedelta(hours=22))):
        Schedule.objects.update(next_at=clock.now())
        work_all()
    assert sum("wait" in one["text"] for one in other.kept[before:]) >= 1


def test_a_person_who_is_erased_takes_their_case_along(
    workspace: Workspace, did: Did, calling: Calling, other: Other
) -> None:
    calling()
    did("Signed Up")
    open_by_hand(workspace, "ada@example.org", "waited an hour", "", "test")
    work_all()
    erase_person(workspace, "ada@example.org")
    later(1)
    assert not Case.objects.exists()
    assert not Run.objects.filter(status=Run.DEAD).exists()
