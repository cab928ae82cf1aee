"""The mapping of a wide survey table: whose answers, when, and what each question's column means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from nousnous.base.errors import Place, Refused
from nousnous.collector.imports.mapping import checked_options, read_toml

METRICS = ("nps", "csat", "ces", "rating")
SCALES = {"nps": (0.0, 10.0), "ces": (1.0, 7.0)}
ANSWER_FIELDS = ("person", "anonymous", "time", "moment", "weight", "country", "channel", "screen", "id")
OPTIONS = ("timezone", "time_format", "delimiter", "encoding", "decimal")
QUESTION_KEYS = {"column", "metric", "step", "scale", "missing", "comment", "believed"}


@dataclass(frozen=True, slots=True)
class Question:
    """One column of answers: its metric, its scale, the codes that mean missing.

    `believed` is what the company showed or believed for the same person; a question without a metric is a comment.
    """

    column: str
    metric: str = ""
    step: str = ""
    low: float | None = None
    high: float | None = None
    missing: tuple[str, ...] = ()
    comment: str = ""
    believed: str = ""


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """What every answer of a row shares, as expressions, and the questions."""

    answer: Mapping[str, str]
    questions: tuple[Question, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "UTC"
    time_format: str = ""
    delimiter: str = ""
    encoding: str = ""
    decimal: str = ""
    name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The mapping as it is kept with an import: the same for the same meaning."""
        kept = asdict(self)
        kept.pop("name")
        return {
            **kept,
            "questions": [{**question, "missing": [*question["missing"]]} for question in kept["questions"]],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "SurveyMapping":
        questions = tuple(
            Question(**{**question, "missing": tuple(question["missing"])}) for question in kept["questions"]
        )
        return cls(**{**kept, "questions": questions})

    def with_options(self, **options: str) -> "SurveyMapping":
        given: dict[str, Any] = {name: text for name, text in options.items() if text}
        checked_options(given)
        return replace(self, **given)


def survey_mapping(text: str, name: str = "mapping") -> SurveyMapping:
    """Read the mapping of a survey: `[survey]`, `[[score]]`, `[[comment]]`, `[properties]`, `[file]`.

    >>> survey_mapping('''
    ... survey = {person = "id", time = "day"}
    ... score = [{column = "q1", metric = "nps", missing = [11]}]
    ... ''').questions[0].missing
    ('11',)
    """
    table = read_toml(text, name)
    answer, options = table.pop("survey", {}), table.pop("file", {})
    properties = table.pop("properties", {})
    scores, comments = table.pop("score", []), table.pop("comment", [])
    _known(table, (), name, "")
    _known(answer, ANSWER_FIELDS, name, "survey")
    _known(options, OPTIONS, name, "file")
    if not (answer.get("person") or answer.get("anonymous")) or not answer.get("time"):
        raise Refused(
            "A survey says whose answers they are and when: [survey] person and time.", Place(name, None, "survey")
        )
    if not scores and not comments:
        raise Refused("A survey has at least one [[score]] or [[comment]].", Place(name, field="score"))
    questions = [_score(entry, Place(name, field=f"score {at}")) for at, entry in enumerate(scores, start=1)]
    questions += [_comment(entry, Place(name, field=f"comment {at}")) for at, entry in enumerate(comments, start=1)]
    checked_options(options, name)
    texts = {key: str(value) for key, value in answer.items()}
    return SurveyMapping(texts, tuple(questions), properties, **options, name=name)


def _score(entry: dict[str, Any], place: Place) -> Question:
    _known(entry, tuple(QUESTION_KEYS), place.file or "", place.field or "")
    metric = entry.get("metric", "")
    if not entry.get("column") or metric not in METRICS:
        raise Refused(f"A score has a column, and a metric that is one of {', '.join(METRICS)}.", place)
    scale: Any = entry.get("scale", SCALES.get(metric))
    if not _is_scale(scale) or (metric in SCALES and tuple(map(float, scale)) != SCALES[metric]):
        wanted = "[{:g}, {:g}]".format(*SCALES[metric]) if metric in SCALES else "two ascending numbers, as in [1, 5]"
        raise Refused(f"The scale of {metric} is {wanted}.", place)
    return Question(
        entry["column"],
        metric,
        entry.get("step", ""),
        float(scale[0]),
        float(scale[1]),
        tuple(str(code) for code in entry.get("missing", [])),
        entry.get("comment", ""),
        entry.get("believed", ""),
    )


def _comment(entry: dict[str, Any], place: Place) -> Question:
    _known(entry, ("column", "step", "missing"), place.file or "", place.field or "")
    if not entry.get("column"):
        raise Refused("A comment has a column.", place)
    missing = tuple(str(code) for code in entry.get("missing", []))
    return Question(entry["column"], step=entry.get("step", ""), missing=missing)


def _is_scale(scale: Any) -> bool:
    numbers = isinstance(scale, list | tuple) and len(scale) == 2 and all(isinstance(one, int | float) for one in scale)
    return numbers and scale[0] < scale[1]


def _known(table: Mapping[str, Any], names: tuple[str, ...], file: str, within: str) -> None:
    if unknown := sorted(set(table) - set(names)):
        known = ", ".join(sorted(names) or ["survey", "score", "comment", "properties", "file"])
        raise Refused(f"“{unknown[0]}” is not known here; known are {known}.", Place(file, field=within or None))
