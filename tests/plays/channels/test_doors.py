"""Channels on their page, in the API and by the command: secrets go in and never come out."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from tests.plays.channels.conftest import SECRETS, Connected, Other

from nousnous.base.errors import Conflict, Refused
from nousnous.plays.channels.actions import Connection, connect
from nousnous.plays.channels.models import Channel
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning"),
]
GITHUB = {"repository": "north/shop", "token": "ghp-quokka"}


@pytest.fixture
def editor(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(add_member(workspace, "ed@north.example", "editor").user)
    return client


def test_a_channel_is_connected_tried_and_removed_on_its_pages(
    editor: Client, workspace: Workspace, other: Other
) -> None:
    assert "Plays reach nobody outside but by e-mail" in editor.get("/w/north/channels/").content.decode()
    form = GITHUB | {"name": "tracker", "address": other.url}
    assert editor.post("/w/north/new-channel/github/", form | {"repository": "shop"}).status_code == 422
    assert editor.post("/w/north/new-channel/github/", form).status_code == 302
    page = editor.post("/w/north/channels/tracker/test/", follow=True).content.decode()
    assert "GitHub shows north/shop to this token." in page
    other.revoked = True
    page = editor.post("/w/north/channels/tracker/test/", follow=True).content.decode()
    assert "tracker can send nothing any more" in page
    assert page.count("GitHub does not know the token any more; paste a new one.") == 2
    new = {"repository": "north/shop", "address": "", "token": ""}
    assert editor.post("/w/north/channels/tracker/", new).status_code == 302
    assert Channel.objects.get().told == {"repository": "north/shop"}
    assert Channel.objects.get().secrets == {"token": "ghp-quokka"}
    editor.post("/w/north/channels/tracker/remove/")
    assert not Channel.objects.exists()


def test_no_secret_is_shown_stored_plainly_or_noted(
    editor: Client, workspace: Workspace, other: Other, connected: Connected, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("slack", "webhook", "github", "jira", "linear"):
        connected(kind)
    connected("slack", "hook", address=f"{other.url}/services/quokka")
    call_command("channel", "list", "--workspace", "north", "--json")
    seen = [capsys.readouterr().out, json.dumps(list(workspace.audit_entries.values()), cls=DjangoJSONEncoder)]
    bearer = {"Authorization": f"Bearer {create_token(workspace)[1]}"}
    addresses = ["/w/north/channels/", "/api/v1/channels", "/w/north/settings/audit/"]
    addresses += [f"/w/north/channels/{name}/" for name in Channel.objects.values_list("name", flat=True)]
    seen += [editor.get(address, headers=bearer if "api" in address else {}).content.decode() for address in addresses]
    with connection.cursor() as cursor:
        cursor.execute("select * from channels_channel")
        seen.append(str([[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in cursor]))
    assert not [secret for secret in (*SECRETS, "services/quokka") for text in seen if secret in text]
    assert '"secrets": ["signing_secret", "token"]' in seen[0]


def test_a_channel_is_connected_by_command_with_its_secret_from_a_file(
    workspace: Workspace, other: Other, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "token").write_text("ghp-quokka\n")
    told = ["--set", "repository=north/shop", "--set", f"token=@{tmp_path}/token", "--set", f"address={other.url}"]
    call_command("channel", "add", "github", "tracker", "--workspace", "north", *told)
    call_command("channel", "test", "tracker", "--workspace", "north", "--json")
    assert "GitHub shows north/shop to this token." in capsys.readouterr().out
    with pytest.raises(Refused, match=r"no field=value"):
        call_command("channel", "add", "github", "tracker", "--workspace", "north", "--set", "token")


def test_secrets_that_another_installation_sealed_are_asked_for_again(workspace: Workspace, settings: object) -> None:
    channel = connect(workspace, Connection("github", "tracker", GITHUB), "test")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # pytest-django's settings
    with pytest.raises(Refused, match="paste them once more"):
        assert channel.secrets
    with pytest.raises(Refused, match="GitHub needs “token”"):
        connect(workspace, Connection("github", "tracker", {"repository": "north/app"}), "test")
    assert connect(workspace, Connection("github", "tracker", GITHUB), "test").secrets == {"token": "ghp-quokka"}


def test_a_name_belongs_to_one_kind_and_is_one_that_plays_can_write(workspace: Workspace) -> None:
    connect(workspace, Connection("github", "tracker", GITHUB), "test")
    with pytest.raises(Conflict, match="of the kind github"):
        connect(workspace, Connection("linear", "tracker", {"team": "ENG", "token": "x"}), "test")
    with pytest.raises(Refused, match="small letters"):
        connect(workspace, Connection("github", "War Room", GITHUB), "test")
