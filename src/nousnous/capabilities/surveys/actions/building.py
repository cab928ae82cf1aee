"""What the builder shows: a document as the rows of a form, as it would be asked, and what is wrong with it."""

import json
from dataclasses import dataclass
from typing import Any

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.actions.versions import save_survey, written
from nousnous.capabilities.surveys.measures.definition import END, KINDS, Survey, parse_survey
from nousnous.capabilities.surveys.measures.editing import Document, free_id, text_in
from nousnous.capabilities.surveys.measures.foreign import Foreign, read_foreign
from nousnous.capabilities.surveys.measures.sheets import shown
from nousnous.capabilities.surveys.measures.templates import MEANINGS, TEMPLATES
from nousnous.capabilities.surveys.measures.themes import CORNERS, Theme
from nousnous.capabilities.surveys.models import Survey as Record
from nousnous.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that may be wrong: `survey` where it is not, else `trouble`."""

    document: Document
    survey: Survey | None
    trouble: str

    @property
    def text(self) -> str:
        return written(self.document)


def draft_of(document: Document) -> Draft:
    try:
        return Draft(document, parse_survey(written(document)), "")
    except Refused as refusal:
        return Draft(document, None, str(refusal))


def document_in(text: str) -> Document:
    """The document of a text; refused where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("This is no document of a survey: paste what an export says, as JSON.")
    return found


def start_survey(workspace: Workspace, template: str, actor: str) -> Record:
    """A new survey from a template, under an id of its own."""
    found = TEMPLATES.get(template)
    if found is None:
        raise Refused(f"There is no template “{template}”; there are {', '.join(TEMPLATES)}.")
    taken = list(Record.objects.filter(workspace=workspace).values_list("survey_id", flat=True))
    return save_survey(workspace, written({"id": free_id(template, taken), **found}), actor)


def take_in(workspace: Workspace, text: str, actor: str, file: str | None = None) -> tuple[Record, Foreign | None]:
    """Save a document of ours as what its survey says, one of another tool as a new survey under an id of its own."""
    found = read_foreign(text)
    if found is None:
        return save_survey(workspace, text, actor, file), None
    taken = list(Record.objects.filter(workspace=workspace).values_list("survey_id", flat=True))
    document = {**found.document, "id": free_id(str(found.document["id"]), taken)}
    return save_survey(workspace, written(document), actor, file), found


def list_templates() -> list[dict[str, str]]:
    return [{"id": name, "name": one["name"], "meaning": MEANINGS[name]} for name, one in TEMPLATES.items()]


def form_of(draft: Draft, language: str) -> dict[str, Any]:
    """The values of all fields, in a language."""
    document, own = draft.document, str(draft.document.get("language", "en"))
    theme, page = _part(document, "theme"), document.get("page")
    beside = _part(document, "page")
    plain = Theme()
    return {
        "own": own,
        "name": document.get("name", ""),
        "step": document.get("step", ""),
        "segment": document.get("segment", ""),
        "relationship": document.get("relationship"),
        "anonymous": document.get("anonymous"),
        "closes_on": document.get("closes_on", ""),
        "quota": document.get("quota", ""),
        "thanks": text_in(document.get("thanks"), language, own),
        "own_thanks": text_in(document.get("thanks"), own, own),
        "theme": {name: theme.get(name, getattr(plain, name)) for name in ("accent", "background", "ink", "radius")},
        "corner": theme.get("corner", plain.corner),
        "corners": CORNERS,
        "in_page": page is not None,
        "page": {name: _listed(beside.get(name)) for name in ("after", "steps", "paths", "languages")},
        "share": beside.get("share", 100),
        "questions": [_row(one, document, (language, own)) for one in _questions(document)],
        "kinds": KINDS.items(),
    }


def preview_of(draft: Draft, language: str) -> list[dict[str, Any]]:
    """Each question as it would be asked; none while something is wrong."""
    survey = draft.survey
    return [shown(survey, one, language) for one in survey.questions] if survey else []


def _row(question: Document, document: Document, languages: tuple[str, str]) -> dict[str, Any]:
    language, own = languages
    branches = [one for one in question.get("go") or [] if isinstance(one, dict)]
    choices = [one for one in question.get("choices") or [] if isinstance(one, dict)]
    kind = question.get("kind")
    answers = [(str(one.get("id")), text_in(one.get("text"), own, own)) for one in choices]
    return {
        "id": question.get("id"),
        "kind": kind,
        "meaning": KINDS.get(str(kind), ""),
        **{name: text_in(question.get(name), language, own) for name in ("text", "help", "low", "high")},
        "said": _said(question, choices, own),
        "required": question.get("required", kind in {"nps", "csat", "ces", "rating"}),
        "scored": kind in {"nps", "csat", "ces", "rating"},
        "chosen": bool(choices),
        "choices": "\n".join(text_in(one.get("text"), language, own) for one in choices),
        "answers": [("yes", "Yes"), ("no", "No")] if kind == "consent" else answers,
        "branches": [{**one, "any": (one.get("any") or [""])[0]} for one in branches] + [{}],
        "targets": [str(one.get("id")) for one in _questions(document) if one is not question] + [END],
    }


def _said(question: Document, choices: list[Document], own: str) -> dict[str, Any]:
    """What a question says in the survey's own language, to stand beside what is written in another."""
    texts = {name: text_in(question.get(name), own, own) for name in ("text", "help", "low", "high")}
    return {**texts, "choices": [text_in(one.get("text"), own, own) for one in choices]}


def _questions(document: Document) -> list[Document]:
    listed = document.get("questions")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _part(document: Document, name: str) -> Document:
    part = document.get(name)
    return part if isinstance(part, dict) else {}


def _listed(value: Any) -> str:
    return ", ".join(str(one) for one in ([value] if isinstance(value, str) else value or []))
