"""Surveys of LimeSurvey: the structure that it exports (.lss), of versions 2 to 6."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from nousnous.base.errors import Refused
from nousnous.capabilities.surveys.measures.editing import Document
from nousnous.capabilities.surveys.measures.foreign.parts import Drafting, Foreign, Said, plain_id, plain_text

CHOSEN = {"L": "single", "!": "single", "O": "single", "M": "multiple", "P": "multiple"}
WRITTEN = ("S", "T", "U", "N")
ROWS = {"A": ("rating", [1, 5]), "B": ("rating", [1, 10]), "F": ("single", None), "Q": ("open", None)}
NAMES = {
    "1": "array of two scales", "5": "5 point choice", ":": "array of numbers", ";": "array of texts",
    "C": "yes, no, uncertain", "D": "date", "E": "increase, same, decrease", "G": "gender", "H": "array by column",
    "I": "language", "K": "several numbers", "R": "ranking", "|": "file upload", "*": "equation",
}  # fmt: skip
YES_NO = (("Y", {"en": "Yes"}), ("N", {"en": "No"}))
Row = dict[str, str]


def is_limesurvey(text: str) -> bool:
    return text.lstrip("\ufeff \n\r\t").startswith("<") and "<LimeSurveyDocType>Survey<" in text


def of_limesurvey(text: str) -> Foreign:
    """The document of a survey; questions, answers and languages come along where they have a counterpart."""
    try:
        root = fromstring(text.lstrip("\ufeff \n\r\t").encode())
    except (ParseError, DefusedXmlException) as trouble:
        raise Refused(
            f"This export of LimeSurvey cannot be read: {trouble}; export its structure (.lss) again."
        ) from None
    sheet = _Sheet(root)
    draft = Drafting(sheet.language)
    for question in sheet.questions("0"):
        _add(draft, sheet, question)
    titles, ends = sheet.settings("surveyls_title"), sheet.settings("surveyls_endtext")
    name = plain_text(titles.get(sheet.language) or next(iter(titles.values()), "")) or "A survey of LimeSurvey"
    document: Document = {
        "id": plain_id(name) or "limesurvey",
        "name": name[:200],
        "language": sheet.language,
        "questions": draft.questions,
    }
    if sheet.survey.get("anonymized") == "Y":
        document["anonymous"] = True
    if thanks := draft.texts(ends):
        document["thanks"] = thanks
    return Foreign(document, "LimeSurvey", tuple(draft.left_out))


class _Sheet:
    """The tables of an export, in which texts stand beside their rows or, since version 4, in tables of their own."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self.survey = next(iter(self._rows("surveys")), {})
        self.language = (self.survey.get("language") or root.findtext("languages/language") or "en")[:12]
        self._groups = {row["gid"]: _number(row, "group_order") for row in self._rows("groups") if "gid" in row}

    def _rows(self, table: str) -> Iterator[Row]:
        for row in self._root.iterfind(f"{table}/rows/row"):
            yield {field.tag: field.text or "" for field in row}

    def questions(self, parent: str) -> list[Row]:
        """The questions below one (“0” is none), each once, in the order in which they are asked."""
        table = "questions" if parent == "0" else "subquestions"
        found: dict[str, Row] = {}
        for row in self._rows(table):
            if row.get("parent_qid", "0") == parent:
                found.setdefault(row.get("qid", ""), row)
        places = {row_id: (self._groups.get(row.get("gid", ""), 0), _number(row, "question_order"))
                  for row_id, row in found.items()}  # fmt: skip
        return sorted(found.values(), key=lambda row: places[row.get("qid", "")])

    def said(self, row: Row, name: str = "question") -> Said:
        """A text of a question in its languages."""
        beside = [one for one in (*self._rows("questions"), *self._rows("subquestions")) if one.get("language")]
        rows = [one for one in (*self._rows("question_l10ns"), *beside) if one.get("qid") == row.get("qid")]
        return {one.get("language", self.language): one[name] for one in rows if one.get(name)}

    def answers(self, question: Row) -> list[tuple[str, Said]]:
        """The answers to choose from, with their codes."""
        found: dict[str, dict[str, str]] = {}
        own = [row for row in self._rows("answers") if row.get("qid") == question.get("qid")]
        texts = list(self._rows("answer_l10ns"))
        for row in sorted(own, key=lambda one: _number(one, "sortorder")):
            said = found.setdefault(row.get("code", ""), {})
            if row.get("answer"):
                said[row.get("language") or self.language] = row["answer"]
            for one in texts:
                if one.get("aid") == row.get("aid") and one.get("answer"):
                    said[one.get("language") or self.language] = one["answer"]
        return [*found.items()]

    def settings(self, name: str) -> Said:
        rows = self._rows("surveys_languagesettings")
        return {row.get("surveyls_language") or self.language: row[name] for row in rows if row.get(name)}


def _add(draft: Drafting, sheet: _Sheet, question: Row) -> None:
    kind, title, said = question.get("type", ""), question.get("title") or "question", sheet.said(question)
    more: Document = {"help": draft.texts(sheet.said(question, "help")), "required": question.get("mandatory") == "Y"}
    if question.get("relevance", "1").strip() not in {"", "1"}:
        draft.left_out.append(f"the condition of “{title}”: everybody is asked it")
    if kind in CHOSEN:
        _add_chosen(draft, sheet, question, more)
    elif kind in WRITTEN:
        draft.add("open", title, said, **more)
    elif kind == "5":
        draft.add("rating", title, said, scale=[1, 5], **more)
    elif kind == "Y":
        draft.add("single", title, said, choices=draft.choices(YES_NO), **more)
    elif kind == "X":
        draft.add("statement", title, said, help=more["help"])
    elif kind in ROWS:
        _add_rows(draft, sheet, question, more)
    else:
        draft.leave(title, NAMES.get(kind, kind))


def _add_chosen(draft: Drafting, sheet: _Sheet, question: Row, more: Document) -> None:
    kind, title, said = CHOSEN[question["type"]], question.get("title") or "question", sheet.said(question)
    answers = sheet.answers(question)
    if kind == "multiple":
        answers = [(row.get("title", ""), sheet.said(row)) for row in sheet.questions(question["qid"])]
    numbers = [plain_text(next(iter(texts.values()), code)) for code, texts in answers]
    if numbers in ([str(one) for one in range(11)], [str(one) for one in range(10, -1, -1)]):
        draft.add("nps", title, said, **more)
    elif len(answers) < 2:
        draft.left_out.append(f"“{title}”: it has fewer than two answers to choose from")
    else:
        draft.add(kind, title, said, choices=draft.choices(answers), **more)


def _add_rows(draft: Drafting, sheet: _Sheet, question: Row, more: Document) -> None:
    """An array is one question for each of its rows."""
    kind, scale = ROWS[question["type"]]
    whole = sheet.said(question)
    for row in sheet.questions(question["qid"]):
        own = sheet.said(row)
        text = {language: f"{whole.get(language, '')} {said}".strip() for language, said in own.items()}
        choices = draft.choices(sheet.answers(question)) if kind == "single" else None
        title = f"{question.get('title')}-{row.get('title')}"
        draft.add(kind, title, text, **{**more, "scale": scale, "choices": choices})


def _number(row: Row, name: str) -> int:
    return int(row[name]) if row.get(name, "").isdigit() else 0
