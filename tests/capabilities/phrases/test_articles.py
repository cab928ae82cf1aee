"""Articles are written, published, searched on both databases, read by customers and judged by them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.capabilities.phrases.planted import plant_article
from tests.runs.conftest import installation  # noqa: F401  # a fixture

from nousnous.base.errors import Refused
from nousnous.capabilities.phrases.actions.articles import Draft, find_articles, write_article
from nousnous.capabilities.phrases.measures import as_html
from nousnous.capabilities.phrases.models import Judgement
from nousnous.collector.loader import Loader
from nousnous.facts.events import EVENTS
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import add_member, create_token
from nousnous.workspaces.models import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:In Typer, only the parameter:DeprecationWarning")
HELP = "/help/north/"
SEARCHED = """
import json
from nousnous.capabilities.phrases.actions.articles import Draft, find_articles, publish_article, write_article
from nousnous.workspaces.actions import WorkspaceProfile, create_workspace
one, other = (create_workspace(WorkspaceProfile(slug)).workspace for slug in ("one", "other"))
texts = {"late": ("Late orders", "A refund takes days."), "refund": ("How a refund works", "Réglé vite: a refund."),
         "draft": ("A refund, hidden", "refund refund")}
for workspace in (one, other):
    for slug, (title, text) in texts.items():
        write_article(workspace, Draft(slug, title, text), "x")
        if slug != "draft":
            publish_article(workspace, slug, "x")
asked = ("refund", "ref", "late refund", "nothing", '"; DROP', "a' | b:*", "\\\\ & !", "réglé")
print("found", json.dumps({words: [found.slug for found in find_articles(one, words)] for words in asked}))
"""


def test_the_search_of_both_databases_finds_the_same_and_no_draft(installation: dict[str, str]) -> None:  # noqa: F811
    nous = str(Path(sys.executable).with_name("nous"))
    command = [nous, "shell", "--no-imports", "--command", SEARCHED]
    done = subprocess.run(command, env=installation, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.partition("found ")[2])
    assert found["refund"] == ["refund", "late"]
    assert sorted(found["ref"]) == ["late", "refund"]
    assert (found["late refund"], found["réglé"]) == (["late"], ["refund"])
    assert [found[one] for one in ("nothing", '"; DROP', "a' | b:*")] == [[], [], []]


def test_customers_read_what_is_published_and_say_whether_it_helped(workspace: Workspace) -> None:
    assert Client().get(HELP).status_code == 404
    article = plant_article(workspace, "late-orders")
    write_article(workspace, Draft("late-orders", "A draft", "Not yet."), "an editor")
    reader = Client()
    assert "My north order is late" in reader.get(HELP).content.decode()
    assert "We wrote nothing about “bicycle”" in reader.get(HELP, {"q": "bicycle"}).content.decode()
    page = reader.get(f"{HELP}late-orders/").content.decode()
    assert "<h2>Where is it?</h2>" in page
    assert "Not yet" not in page
    for said in ("no", "yes", "yes"):
        assert reader.post(f"{HELP}late-orders/", {"helpful": said}).status_code == 302
    assert Client().post(f"{HELP}late-orders/", {"helpful": "yes"}).status_code == 422
    assert [(one.helpful, one.article_id) for one in Judgement.objects.all()] == [(True, article.pk)]
    assert Client().get(f"{HELP}draft/").status_code == 404


def test_reading_is_an_event_once_in_half_an_hour_and_fetching_ahead_is_none(
    transactional_db: None, workspace: Workspace, settings: Any
) -> None:
    plant_article(workspace, "late-orders")
    reader, ahead = Client(), Client(headers={"Sec-Purpose": "prefetch"})
    for _ in range(2):
        reader.get(f"{HELP}late-orders/")
    reader.head(f"{HELP}late-orders/")
    ahead.get(f"{HELP}late-orders/")
    Loader().load()
    rows = lake_of(workspace).snapshot(EVENTS).events().to_pyarrow().to_pylist()
    viewed = [row for row in rows if row["event"] == "Article Viewed"]
    assert len(viewed) == 1
    assert json.loads(viewed[0]["properties"])["article"] == "late-orders"
    assert viewed[0]["anonymous_id"] == reader.cookies["nous_reader"].value


def test_an_article_is_written_published_and_taken_down_by_page_api_and_command(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    editor, admin = (Client() for _ in range(2))
    for client, role in ((editor, "editor"), (admin, "admin")):
        client.force_login(add_member(workspace, f"{role}@north.example", role).user)
    assert "Customers can read no article yet" in editor.get("/w/north/articles/").content.decode()
    form = {"slug": "late-orders", "title": "Late <b>orders</b>", "text": "One.", "locale": "en"}
    wrong = editor.post("/w/north/new-article/", form | {"slug": "Late orders"})
    assert (wrong.status_code, "An address is small letters" in wrong.content.decode()) == (422, True)
    assert editor.post("/w/north/new-article/", form).status_code == 302
    assert editor.post("/w/north/articles/late-orders/publish/").status_code == 404
    admin.post("/w/north/articles/late-orders/publish/")
    page = Client().get(f"{HELP}late-orders/").content.decode()
    assert "Late &lt;b&gt;orders&lt;/b&gt;" in page
    (tmp_path / "text.md").write_text("Two.", encoding="utf-8")
    words = ("--title", "Late orders", "--workspace", "north")
    call_command("article", "write", "late-orders", str(tmp_path / "text.md"), *words)
    assert "version 2, is public, with a draft" in capsys.readouterr().out
    api = Client(headers={"Authorization": f"Bearer {create_token(workspace)[1]}"})
    assert api.post("/api/v1/articles/late-orders/publish").json()["public_version"] == 2
    assert api.get("/api/v1/article-search?q=two").json()["items"][0]["slug"] == "late-orders"
    assert api.post("/api/v1/articles/late-orders/take-down").json()["public_version"] is None
    assert api.post("/api/v1/articles/late-orders/take-down").status_code == 409
    assert (find_articles(workspace, "two"), Client().get(HELP).status_code) == ([], 404)
    with pytest.raises(Refused, match="Write a text"):
        write_article(workspace, Draft("x", "x", " "), "an editor")


@given(st.text(alphabet=st.sampled_from("<>\"'&[]()!#*_`-\n x:javscriptdhonlemg/=")))
def test_no_markdown_becomes_a_script_or_leads_to_one(text: str) -> None:
    html = as_html(f"{text}\n\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) ![p](https://x.example/y) {text}")
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html.lower()
