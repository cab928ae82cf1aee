"""Themes by meaning: planted ones are found better than by words, none is made up, and a switch loses nothing."""

import json

import numpy as np
import pytest
from bench.themes import TABLE, agreement, failures, page, planted, sorted_by
from django.test import Client
from tests.capabilities.themes.spoken import answer

from nousnous.base.errors import Refused
from nousnous.capabilities.themes.actions.arranging import Arrangement, arrange, read_file, write_file
from nousnous.capabilities.themes.actions.finding import find_of
from nousnous.capabilities.themes.actions.reading import read_themes
from nousnous.capabilities.themes.models import Theme
from nousnous.texts import embeddings
from nousnous.texts.network import WIDTH
from nousnous.workspaces.actions import WorkspaceProfile, add_member, create_workspace
from nousnous.workspaces.models import Workspace

GERMAN = "Der Fahrer hat mein Paket wieder {} abgegeben, das ist schon das dritte Mal"
PLACES = ("im Keller", "beim Nachbarn", "an der falschen Tür", "in einem anderen Haus", "vor der Garage")


@pytest.fixture
def complaining(workspace: Workspace) -> Workspace:
    answer(workspace, planted(0)[0])
    find_of(workspace)
    return workspace


def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "CARRIER", "no-such-wheel")


def about(workspace: Workspace, word: str) -> Theme:
    return max(Theme.objects.of(workspace), key=lambda one: one.words.get(word, 0.0))


def test_planted_themes_are_found_by_meaning_and_nothing_is_made_a_theme() -> None:
    words, meanings = (agreement(method, worlds=1) for method in ("words", "meanings"))
    assert failures(words, meanings) == []
    assert words.index < 0.5 < meanings.index
    assert meanings.mixed_in <= 0.02
    lines = zip(TABLE.read_text().splitlines(), page(words, meanings).splitlines(), strict=True)
    assert all(stored.split("|")[1:2] == told.split("|")[1:2] for stored, told in lines)


def test_the_same_answers_in_another_order_make_the_same_themes() -> None:
    texts = planted(1, others=0)[0]
    mixed = np.random.default_rng(0).permutation(len(texts))
    one, other = sorted_by("meanings", texts), sorted_by("meanings", [texts[place] for place in mixed])
    assert np.array_equal(one[mixed], other)


def test_new_answers_find_their_themes_and_no_vector_of_an_answer_is_kept(complaining: Workspace) -> None:
    before = {theme.id: theme.center for theme in Theme.objects.of(complaining)}
    assert len(before) >= 5
    kept = arrange(complaining, about(complaining, "courier").id, Arrangement(name="Parcels"), "ann")
    answer(complaining, planted(7, answers=60, others=20)[0], first=400)
    find_of(complaining)
    after = {theme.id: theme.center for theme in Theme.objects.of(complaining)}
    assert len(set(before) & set(after)) >= len(before) - 1
    assert after[kept.id] == before[kept.id]
    assert {len(center) for center in after.values()} == {WIDTH}
    vectors = embeddings.embeddings(planted(0)[0])
    assert float((vectors @ np.array(list(before.values())).T).max()) < 0.97


def test_texts_in_other_languages_are_grouped_by_their_words(workspace: Workspace) -> None:
    german = [GERMAN.format(PLACES[number % 5]) for number in range(80)]
    answer(workspace, [*planted(2, others=0)[0], *german])
    find_of(workspace)
    theme = about(workspace, "paket")
    assert (theme.method, theme.center) == ("words", [])
    assert {one.method for one in Theme.objects.of(workspace).exclude(pk=theme.pk)} >= {embeddings.VERSION}
    found = next(one for one in read_themes(workspace).themes if one.theme == theme)
    assert found.languages == {"de": found.talk.answers}


def test_another_method_sorts_everything_anew_is_marked_and_keeps_what_was_arranged(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(workspace, planted(0)[0])
    with monkeypatch.context() as patched:
        without_the_extra(patched)
        find_of(workspace)
        assert {theme.method for theme in Theme.objects.of(workspace)} == {"words"}
        by_words = arrange(workspace, about(workspace, "courier").id, Arrangement(pinned=True), "ann")
        assert read_themes(workspace).as_dict()["method"] == {"name": "words", "before": None, "since": None}
    find_of(workspace)
    method = read_themes(workspace).method
    assert (method.name, method.before) == (embeddings.VERSION, "words")
    assert method.since is not None
    member = Client()
    member.force_login(add_member(workspace, "ann@north.example", "owner").user)
    shown = member.get("/w/north/themes/").content.decode()
    assert "what English answers mean (MiniLM)" in shown
    assert f"since {method.since.day} {method.since:%b %Y}, from the words that answers share before" in shown
    assert Theme.objects.get(pk=by_words.pk).words == by_words.words
    meant = about(workspace, "password")
    assert "found from what its answers mean" in member.get(f"/w/north/themes/{meant.id}/").content.decode()
    arrange(workspace, meant.id, Arrangement(name="Getting in"), "ann")
    without_the_extra(monkeypatch)
    find_of(workspace)
    stayed = {one.theme.id: one.talk.answers for one in read_themes(workspace).themes}
    assert stayed[meant.id] > 10
    assert stayed[by_words.id] > 10


def test_a_file_carries_meanings_and_one_with_a_broken_center_is_refused(complaining: Workspace) -> None:
    document = json.loads(json.dumps(write_file(complaining)))
    other = create_workspace(WorkspaceProfile("south")).workspace
    answer(other, planted(3, answers=80, others=0)[0])
    read_file(other, document, "ann")
    assert {theme.method for theme in Theme.objects.of(other)} == {embeddings.VERSION}
    assert sum(one.talk.answers for one in read_themes(other).themes) > 60
    for broken in ([0.1], ["x"] * WIDTH, [2.0] * WIDTH, None):
        document["themes"][0]["center"] = broken
        with pytest.raises(Refused, match="numbers from −1 to 1"):
            read_file(other, document, "ann")
    document["themes"][0]["method"] = "minilm-of-tomorrow"
    read_file(other, document, "ann")
    assert Theme.objects.filter(workspace=other, method="words").count() == 1
