"""Names of people and numbers that countries give them, masked in messages: by Presidio and spaCy, if it is wanted.

`NOUS_PRESIDIO` says by which pipelines of spaCy, one for each language. None is downloaded: a pipeline is a package or
a folder that somebody installed. `blank:en` is one without a model, which finds numbers and no names.
"""

from collections.abc import Iterable
from functools import cache
from importlib import util
from logging import ERROR, getLogger
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from nousnous.base.errors import Unavailable

LEAST_SCORE: Final = 0.5
"""Of 1: with fewer, any nine digits would be a passport of some country."""
OURS: Final = (
    "CreditCardRecognizer", "DateRecognizer", "EmailRecognizer", "IbanRecognizer", "PhoneRecognizer", "UrlRecognizer",
    "UuidRecognizer",
)  # fmt: skip
"""What our own rules mask already, before; those of addresses would ask the network for the endings of hosts."""
PERSON: Final = "PERSON"
MARKS: Final = {PERSON: "[name]"}
AT_ONCE: Final = 64
HOW_TO_GET: Final = (
    "NOUS_PRESIDIO is set, and Presidio is not installed: run `pip install 'nousnous[presidio]'`, and start again."
)


def is_wanted() -> bool:
    """Whether names are masked here."""
    return bool(settings.NOUS.presidio)


def without_names(texts: Any, languages: Any) -> Any:
    """Texts (Arrow) with names and numbers masked where a pipeline reads their language; others stay as they are.

    Raises `Unavailable` where Presidio or a pipeline is not installed: then nothing is kept unmasked.
    """
    for language, analyzer in _analyzers(settings.NOUS.presidio).items():
        mine = pc.fill_null(pc.equal(languages, language), False)  # noqa: FBT003  # Arrow's signature
        some = texts.filter(mine)
        coded = _whole(some).dictionary_encode()
        masked = pa.array(analyzer.masked(coded.dictionary.to_pylist()), pa.string()).take(coded.indices)
        texts = pc.replace_with_mask(_whole(texts), _whole(mine), masked)
    return texts


class Analyzer:
    """Presidio with one pipeline of spaCy."""

    def __init__(self, pipeline: Any) -> None:
        from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry  # slow to load
        from presidio_analyzer.nlp_engine import SpacyNlpEngine

        getLogger("presidio-analyzer").setLevel(ERROR)  # it tells of each recognizer of other languages
        engine: Any = SpacyNlpEngine()
        engine.nlp = {pipeline.lang: pipeline}
        registry: Any = RecognizerRegistry(supported_languages=[pipeline.lang])
        registry.load_predefined_recognizers(languages=[pipeline.lang])
        for name in OURS:
            registry.remove_recognizer(name)
        found = {
            entity for one in registry.recognizers if one.name != "SpacyRecognizer" for entity in one.supported_entities
        }
        self.language, self.entities = pipeline.lang, sorted({PERSON, *found})
        made = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[pipeline.lang])
        self._engine = BatchAnalyzerEngine(made)

    def masked(self, texts: list[str]) -> list[str]:
        """Each text with what was found replaced by a mark."""
        told = self._engine.analyze_iterator(
            texts, self.language, batch_size=AT_ONCE, entities=self.entities, score_threshold=LEAST_SCORE
        )
        return [_marked(text, found) for text, found in zip(texts, told, strict=True)]


def _marked(text: str, found: Iterable[Any]) -> str:
    """The text with marks, from the end; of what overlaps the first counts, and what was masked stays.

    >>> from types import SimpleNamespace
    >>> _marked("Ada is here", [SimpleNamespace(start=0, end=3, entity_type="PERSON")])
    '[name] is here'
    """
    pieces, done = [], 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= done and "[" not in text[one.start : one.end]:
            pieces += [text[done : one.start], MARKS.get(one.entity_type, "[number]")]
            done = one.end
    return "".join([*pieces, text[done:]])


@cache
def _analyzers(pipelines: str) -> dict[str, Analyzer]:
    """One for each language of the pipelines that the setting names."""
    if util.find_spec("presidio_analyzer") is None:
        raise Unavailable(HOW_TO_GET)
    loaded = [_pipeline(name.strip()) for name in pipelines.split(",") if name.strip()]
    return {one.lang: Analyzer(one) for one in loaded}


def _pipeline(name: str) -> Any:
    import spacy  # slow to load

    blank, _, language = name.partition(":")
    try:
        return spacy.blank(language) if blank == "blank" and language else spacy.load(name)
    except (OSError, ImportError, ValueError):
        raise Unavailable(
            f"NOUS_PRESIDIO names “{name}”, which is no pipeline of spaCy that is installed; install it as spaCy says, "
            "or name a folder that holds one, or blank:en for numbers alone."
        ) from None


def _whole(values: Any) -> Any:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
