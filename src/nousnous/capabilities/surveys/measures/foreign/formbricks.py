"""Surveys of Formbricks: its export, or what its API answers, as JSON with questions or with blocks of elements."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nousnous.capabilities.surveys.measures.definition import END
from nousnous.capabilities.surveys.measures.editing import Document
from nousnous.capabilities.surveys.measures.foreign.parts import Drafting, Foreign, Said, free_scale, plain_id

KINDS = {
    "openText": "open",
    "nps": "nps",
    "rating": "rating",
    "csat": "csat",
    "ces": "ces",
    "consent": "consent",
    "cta": "statement",
    "multipleChoiceSingle": "single",
    "multipleChoiceMulti": "multiple",
}
LESS, MORE = ("isLessThan", "lessThan"), ("isGreaterThan", "greaterThan")
AT_MOST, AT_LEAST = ("isLessThanOrEqual", "lessEqual"), ("isGreaterThanOrEqual", "greaterEqual")
ANY = ("equals", "equalsOneOf", "includesOneOf")
_RECALL = re.compile(r"#recall:[^/#]*/fallback:([^#]*)#")


def is_formbricks(text: str) -> Document | None:
    """The survey in an export; None where the text is something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    while isinstance(found, dict) and isinstance(found.get("data"), dict):
        found = found["data"]
    if not isinstance(found, dict):
        return None
    return found if any("type" in element for element, _ in _elements(found)) else None


def of_formbricks(survey: Document) -> Foreign:
    """The document of a survey; questions, choices, branches and languages come along where they have a counterpart."""
    draft = Drafting(_language(survey))
    elements = list(_elements(survey))
    for element, _ in elements:
        _add(draft, element)
    firsts = {block: str(element.get("id")) for element, block in reversed(elements)}
    last = {block: str(element.get("id")) for element, block in elements}
    endings = {str(one.get("id")) for one in _listed(survey.get("endings"))} | {END}
    targets = {**firsts, **{one: one for one in draft.ids}, **dict.fromkeys(endings, END)}
    for holder, asked in _holders(survey, last):
        for logic in _listed(holder.get("logic")):
            _branch(draft, logic, asked, targets)
    document: Document = {
        "id": plain_id(str(survey.get("name") or "")) or "formbricks",
        "name": str(survey.get("name") or "A survey of Formbricks")[:200],
        "language": draft.language,
        "questions": draft.questions,
    }
    card = next(iter(_listed(survey.get("endings"))), None) or survey.get("thankYouCard") or {}
    if thanks := draft.texts(_said(card.get("headline"), draft.language)):
        document["thanks"] = thanks
    return Foreign(document, "Formbricks", tuple(draft.left_out))


def _elements(survey: Document) -> Iterator[tuple[Document, str]]:
    """Each question, and the block that it stands in; before there were blocks, each stood in one of its own."""
    for question in _listed(survey.get("questions")):
        yield question, str(question.get("id"))
    for block in _listed(survey.get("blocks")):
        for element in _listed(block.get("elements")):
            yield element, str(block.get("id"))


def _holders(survey: Document, last: Mapping[str, str]) -> Iterator[tuple[Document, str]]:
    """What may say where to go on, and after which question it says so."""
    for question in _listed(survey.get("questions")):
        yield question, str(question.get("id"))
    for block in _listed(survey.get("blocks")):
        yield block, last.get(str(block.get("id")), "")


def _add(draft: Drafting, element: Document) -> None:
    foreign_id, kind = str(element.get("id") or "question"), str(element.get("type"))
    said = {name: _said(element.get(name), draft.language) for name in ("headline", "subheader", "html", "label")}
    more: Document = {
        "help": draft.texts(said["subheader"] or said["html"] or said["label"]),
        "low": draft.texts(_said(element.get("lowerLabel"), draft.language)),
        "high": draft.texts(_said(element.get("upperLabel"), draft.language)),
        "required": bool(element.get("required")),
    }
    ours = KINDS.get(kind)
    if kind == "matrix":
        _add_rows(draft, element, said["headline"], more)
    elif ours in {"rating", "csat"} and free_scale(int(element.get("range") or 5)) is None:
        draft.left_out.append(f"“{foreign_id}”: a rating from 1 to {element['range']} is not asked here")
    elif ours is None:
        draft.leave(foreign_id, kind)
    else:
        if ours in {"rating", "csat"}:
            more["scale"] = free_scale(int(element.get("range") or 5))
        if ours in {"single", "multiple"}:
            more["choices"] = draft.choices(_labels(element.get("choices"), draft.language))
        if ours == "statement":
            more.pop("required")
        draft.add(ours, foreign_id, said["headline"], **more)


def _add_rows(draft: Drafting, element: Document, headline: Said, more: Document) -> None:
    """A matrix is one choice for each of its rows."""
    for at, (row_id, said) in enumerate(_labels(element.get("rows"), draft.language), start=1):
        text = {language: f"{said.get(language, '')} – {text}".strip(" –") for language, text in headline.items()}
        choices = draft.choices(_labels(element.get("columns"), draft.language))
        draft.add("single", f"{element.get('id')}-{row_id or at}", text, **{**more, "choices": choices})


def _branch(draft: Drafting, logic: Document, asked: str, targets: Mapping[str, str]) -> None:
    """A jump by one answer of the question itself; what looks at several answers is left out, and said."""
    condition, target = _condition(logic, asked), _target(logic)
    question = next((one for one in draft.questions if one["id"] == draft.ids.get(asked)), None)
    to = targets.get(target, "")
    later = [one["id"] for one in draft.questions[draft.questions.index(question) + 1 :]] if question else []
    if question is None or condition is None or not (to == END or draft.ids.get(to) in later):
        draft.left_out.append(f"a jump after “{asked}”: it is not by the answer to that question, or leads back")
        return
    operator, value = condition
    bounds = _bounds(operator, value) if question["kind"] in {"nps", "rating", "csat", "ces"} else None
    chosen = [draft.ids.get(f"choice {one}", "") for one in (value if isinstance(value, list) else [value])]
    if question["kind"] == "consent" and operator in {"isAccepted", "accepted"}:
        chosen = ["yes"]
    elif operator not in ANY or question["kind"] not in {"single", "multiple"} or not all(chosen):
        chosen = []
    if bounds or chosen:
        where: Document = bounds or {"any": chosen}
        question.setdefault("go", []).append({**where, "to": END if to == END else draft.ids[to]})
    else:
        draft.left_out.append(f"a jump after “{asked}”: “{operator}” is no condition here")


def _condition(logic: Document, asked: str) -> tuple[str, Any] | None:
    """The operator and value of the only condition, if it looks at that question."""
    if "condition" in logic:  # as it was written before version 3
        return str(logic["condition"]), logic.get("value")
    conditions = _listed((logic.get("conditions") or {}).get("conditions"))
    if len(conditions) != 1 or (conditions[0].get("leftOperand") or {}).get("value") != asked:
        return None
    return str(conditions[0].get("operator")), (conditions[0].get("rightOperand") or {}).get("value")


def _target(logic: Document) -> str:
    jumps = [one for one in _listed(logic.get("actions")) if str(one.get("objective", "")).startswith("jumpTo")]
    return str(jumps[0].get("target")) if jumps else str(logic.get("destination") or "")


def _bounds(operator: str, value: Any) -> Document | None:
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    if operator in LESS or operator in AT_MOST:
        return {"at_most": number - (operator in LESS)}
    if operator in MORE or operator in AT_LEAST:
        return {"at_least": number + (operator in MORE)}
    return {"at_least": number, "at_most": number} if operator == "equals" else None


def _language(survey: Document) -> str:
    for one in _listed(survey.get("languages")):
        if one.get("default"):
            return str((one.get("language") or {}).get("code") or "en")[:12]
    return "en"


def _said(value: Any, own: str) -> Said:
    """A text in its languages; “default” is the survey's own, and what refers to an answer says its fallback."""
    by_language = value if isinstance(value, dict) else {"default": value} if isinstance(value, str) else {}
    return {
        own if language == "default" else str(language): _RECALL.sub(r"\1", text)
        for language, text in by_language.items()
        if isinstance(text, str) and text
    }


def _labels(choices: Any, own: str) -> list[tuple[str, Said]]:
    """Choices with their ids; before version 4 the rows of a matrix were texts alone."""
    listed = choices if isinstance(choices, list) else []
    return [
        (str(one.get("id") or at), _said(one.get("label"), own)) if "label" in one else (str(at), _said(one, own))
        for at, one in enumerate(listed, start=1)
        if isinstance(one, dict)
    ]


def _listed(value: Any) -> list[Document]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
