"""The first day of a CX lead: from an empty home to the gap page, by the ways in that everybody has."""

import re
import time
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from nousnous.runs.worker import work_all

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")

LONGEST_S = 20
HOME = "/w/acme/"
EXPORT_ROWS = 60
BELIEF = {
    "journey": "shop",
    "step": "checkout",
    "metric": "completion",
    "value": "95",
    "low": "90",
    "high": "99",
    "author": "shop team",
}
ANSWER = "teams believe 95% finish, 67% do"
JOURNEY = """
[journey]
id = "shop"
name = "Web shop"
currency = "EUR"
hourly_wage = 28

[[step]]
id = "checkout"
name = "Checkout"
stage = "purchase"
owner = "shop team"
starts = { event = "Kasse geöffnet" }
completes = { event = "Bestellung bezahlt" }
within = "30m"
"""
Shell = Callable[..., str]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    def run(*arguments: str) -> str:
        capsys.readouterr()
        call_command(*arguments)
        return capsys.readouterr().out.strip()

    return run


@pytest.mark.django_db(transaction=True)
def test_the_first_day_leads_from_an_empty_home_to_the_gap(shell: Shell) -> None:
    began = time.monotonic()
    shell("workspace", "create", "acme", "--name", "Acme", "--currency", "EUR")
    ada = signs_in(shell, "ada@acme.example")
    an_empty_home_says_what_to_do(ada)
    a_file_that_is_no_table_is_refused(ada)
    the_export_is_shown_named_and_imported(ada)
    a_journey_is_suggested_and_a_misspelt_event_named(ada)
    the_journey_is_applied_and_a_belief_is_missed(ada)
    a_belief_is_refused_mended_and_sealed(ada)
    viewer = signs_in(shell, "vic@acme.example", "--role", "viewer")
    for member in (ada, viewer):
        assert ANSWER in read(member, f"{HOME}gap/")
    a_viewer_changes_nothing_and_sees_nobody(viewer)
    assert ANSWER in shell("gap", "--workspace", "acme", "--format", "table")
    assert time.monotonic() - began < LONGEST_S


def signs_in(shell: Shell, email: str, *role: str) -> Client:
    address = shell("member", "sign-in", email, "--workspace", "acme", *role)
    member = Client()
    assert "Set a password" in read(member, "/" + address.split("/", 3)[3])
    return member


def an_empty_home_says_what_to_do(ada: Client) -> None:
    assert "Three steps to your first gap" in read(ada, HOME)
    assert "no journey is drawn" in read(ada, f"{HOME}gap/")


def a_file_that_is_no_table_is_refused(ada: Client) -> None:
    address = uploaded(ada, b"%PDF-1.4")
    assert "The file is a PDF, not a table" in read(ada, address)


def the_export_is_shown_named_and_imported(ada: Client) -> None:
    address = uploaded(ada, export_of_a_shop())
    named = {"user_id": "Kunde", "event": "Vorgang", "timestamp": "Datum", "revenue": "Umsatz", "timezone": "UTC"}
    ada.post(f"{address}mapping/", named)
    assert "This is how export.csv would be stored" in read(ada, address)
    ada.post(f"{address}start/")
    work_all()
    imported = read(ada, address)
    assert "export.csv brought 100 rows" in imported
    assert "One row could not be read" in imported


def a_journey_is_suggested_and_a_misspelt_event_named(ada: Client) -> None:
    assert "Kasse geöffnet" in read(ada, f"{HOME}new-journey/?start=suggested")
    misspelt = JOURNEY.replace("Bestellung", "Bestelung")
    preview = ada.post(f"{HOME}new-journey/", {"text": misspelt}).content.decode()
    assert "no event “Bestelung bezahlt” came in yet" in preview
    assert "“Bestellung bezahlt”" in preview


def the_journey_is_applied_and_a_belief_is_missed(ada: Client) -> None:
    assert ada.post(f"{HOME}new-journey/", {"text": JOURNEY, "apply": "1"}).status_code == 302
    work_all()
    assert "nobody has written down a belief" in read(ada, f"{HOME}gap/")


def a_belief_is_refused_mended_and_sealed(ada: Client) -> None:
    odd = ada.post(f"{HOME}beliefs/write/", BELIEF | {"low": "20", "high": "50"}).content.decode()
    assert "does not lie around the value" in odd
    assert ada.post(f"{HOME}beliefs/write/", BELIEF).status_code == 302
    (seal,) = re.findall(r'"([^"]+/seal/)"', ada.get(f"{HOME}beliefs/").content.decode())
    assert "Seal this belief for good?" in read(ada, seal)
    ada.post(seal)
    work_all()
    assert "One belief stands" in read(ada, f"{HOME}beliefs/")


def a_viewer_changes_nothing_and_sees_nobody(viewer: Client) -> None:
    assert viewer.get(f"{HOME}people/").status_code == 404
    assert viewer.get(f"{HOME}imports/").status_code == 404
    assert "Write a belief" not in read(viewer, f"{HOME}beliefs/")


def uploaded(ada: Client, content: bytes) -> str:
    file = SimpleUploadedFile("export.csv", content)
    return str(ada.post(f"{HOME}imports/new/", {"file": file, "kind": "events"}).headers["Location"])


def export_of_a_shop() -> bytes:
    """What a spreadsheet saves: semicolons, decimal commas, days first, umlauts; two of three people buy."""
    rows = ["Kunde;Vorgang;Datum;Umsatz"]
    for person in range(EXPORT_ROWS):
        day = f"{person % 28 + 1:02d}.{person // 28 + 10}.2025"
        rows.append(f"{person};Kasse geöffnet;{day} 10:00;")
        if person % 3:
            rows.append(f"{person};Bestellung bezahlt;{day} 10:05;{person},50")
    return "\r\n".join([*rows, "", "Summe;;;1.234,50"]).encode("utf-8-sig")


def read(client: Client, address: str) -> str:
    """The words of a page, its title first."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
