"""The rules by which texts are cleaned: the same here and in browsers."""

import json
import subprocess
import time
from pathlib import Path

import pytest
from tests.places import ROOT

from nousnous.collector.dialects.segment import read
from nousnous.collector.entries import Arrival
from nousnous.collector.reading import rows_of_arrivals
from nousnous.collector.scrubbing import clean_entry, clean_recording, clean_text, clean_value
from nousnous.facts.messages import QUARANTINE

CASES = json.loads(Path(__file__).with_name("scrubbing.json").read_text())
KEPT = frozenset({"utm_source"})
# Node bundles the rules as browsers get them, and answers what becomes of each text.
IN_A_BROWSER = """
import { readFileSync } from "node:fs";
import { build } from "esbuild";
const { outputFiles } = await build({ entryPoints: ["sdk/scrub.ts"], bundle: true, format: "esm", write: false });
globalThis.location = { href: "https://shop.example/" };
const { cleanText, keepQuery } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
keepQuery(["utm_source"]);
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0)).map(([text]) => cleanText(text))));
"""


@pytest.mark.parametrize(("text", "cleaned"), CASES)
def test_what_tells_of_somebody_is_taken_out_of_a_text(text: str, cleaned: str) -> None:
    assert clean_text(text, KEPT) == cleaned
    assert clean_text(cleaned, KEPT) == cleaned


def test_browsers_clean_by_the_same_rules() -> None:
    command = ["node", "--input-type=module", "--eval", IN_A_BROWSER]
    done = subprocess.run(
        command, cwd=ROOT / "browser", input=json.dumps(CASES), capture_output=True, text=True, check=True
    )
    assert dict(zip((text for text, _ in CASES), json.loads(done.stdout), strict=True)) == dict(CASES)


@pytest.mark.parametrize("library", ["nous.js", "a server's own"])
def test_only_what_our_own_script_sends_is_cleaned_again(library: str) -> None:
    sent = {"type": "identify", "userId": "u1", "traits": {"email": "ada@example.org", "id": "4111111111111111"}}
    body = json.dumps({**sent, "context": {"library": {"name": library}, "page": {"url": "https://a.example/?b=c"}}})
    (entry,) = read(Arrival("ws", "key", "segment", "/v1/batch", 5, "", body.encode()))
    cleaned = clean_entry(entry, KEPT)
    ours = library == "nous.js"
    assert cleaned.properties == {"email": "[email]" if ours else "ada@example.org", "id": "4111111111111111"}
    assert cleaned.context["page"] == {"url": "https://a.example/" if ours else "https://a.example/?b=c"}


@pytest.mark.parametrize("library", ["nous.js", "a server's own"])
def test_what_could_not_be_kept_of_our_own_script_is_cleaned_in_quarantine(library: str) -> None:
    said = {"event": "Said", "properties": {"by": "ada@example.org"}, "context": {"library": {"name": library}}}
    batch = [{**said, "type": "track", "anonymousId": "a1", "timestamp": "never"}, {**said, "type": "wink"}]
    arrival = Arrival("ws", "key", "nous", "/v1/batch", 5, "", json.dumps({"batch": batch}).encode())
    bodies = rows_of_arrivals([arrival])[QUARANTINE]["body"].to_pylist()
    assert [b"ada@example.org" in one for one in bodies] == [library != "nous.js"] * 2


def test_names_of_properties_are_cleaned_like_their_values() -> None:
    assert clean_value({"by": {"ada@example.org": 1}}, KEPT) == {"by": {"[email]": 1}}


def test_a_recording_keeps_its_moments_numbers_and_classes() -> None:
    moment, place = 1764265841128, 52.91999816894531  # a moment that would be a card by its sum
    class_name = "styles_card_of_a_product__x7f3A_with_a_long_name"
    node = {"attributes": {"class": class_name, "title": "ada@example.org"}, "x": place}
    plain = json.dumps([{"timestamp": moment, "data": {"x": place}}]).encode()
    cleaned = json.loads(clean_recording(json.dumps([{"timestamp": moment, "data": node}]).encode(), KEPT))
    assert clean_recording(plain, KEPT) is plain
    assert cleaned == [{"timestamp": moment, "data": {**node, "attributes": {"class": class_name, "title": "[email]"}}}]
    assert clean_recording(b'[{"text":"ada@example.org"', KEPT) == b'[{"text":"ada@example.org"'


def test_lines_of_drawings_are_no_cards() -> None:
    drawn = [{"attributes": {"d": "M4111 1111-1111 1111z", "title": "4111 1111 1111 1111"}}]
    assert json.loads(clean_recording(json.dumps(drawn).encode(), KEPT)) == [
        {"attributes": {"d": "M4111 1111-1111 1111z", "title": "[card]"}}
    ]


@pytest.mark.parametrize("sign", ["a", "eyJ-", "a.", "1 ", "https://a?", "@a", "DE89 "])
def test_no_text_takes_long(sign: str) -> None:
    began_s = time.process_time()
    clean_text(sign * 50_000, KEPT)
    assert time.process_time() - began_s < 1
