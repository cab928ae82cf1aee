"""Messages of conversations, cleaned when they arrive, whichever way they came.

What the writer did not write goes: quoted replies, signatures, notices that a system wrote, tags of HTML. What tells
who somebody is, is masked. Where a cheap look at the whole column finds nothing, no text is looked at by itself.
"""

import html
import re
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import quotequail

from nousnous.collector.names import is_wanted, without_names
from nousnous.collector.scrubbing import clean_text
from nousnous.warehouse.engine import text_keys

LONGEST: Final = 20_000
"""Letters of a message that are kept: what is longer is a log file or a letter to the world."""
SAMPLE: Final = 300
"""Letters of a conversation that its language is told by."""

_TAGS: Final = r"(?is)</?(p|br|div|span|a|b|i|em|strong|ul|ol|li|img|table|html|body|blockquote|h[1-6])\b[^>]*>"
_QUOTED: Final = (
    r"(?m)(^\s*>|^-{2,}\s*(Original|Forwarded|Urspr|Weitergeleitete|Message)|^(From|Von|De|Da|Van)\s*:|"
    r"(wrote|schrieb[^\n]*|écrit|escribió|scritto|schreef|escreveu)\s?:\s*$)"
)
_CLOSING: Final = (
    r"(?im)^\s*((best|kind|warm|many)?\s*(regards|wishes)|thanks|thank you|many thanks|cheers|sincerely|yours( truly)?|"
    r"mit freundlichen grüßen|(viele|beste|liebe) grüße|cordialement|bien à vous|saludos|atentamente|"
    r"cordiali saluti|met vriendelijke groet(en)?)\s*[,.!]?\s*$|^--\s*$|"
    r"^\s*sent from my \w+|^\s*von meinem \w+ gesendet"
)
_NOTICE: Final = (
    r"(?is)^\s*(\[?(auto(matic|mated)?[- ]?(reply|response|message)|out of office|abwesenheitsnotiz|"
    r"automatische antwort|réponse automatique|respuesta automática)\b|this is an automat(ed|ic) |"
    r"request #?\d+ .{0,200}(was )?closed and merged into|this ticket (was|has been) (merged|closed|solved)|"
    r"your (request|ticket|case) \(?#?\d+\)? has been (received|updated|closed|solved)|"
    r".{0,80} (has )?(joined|left) the (chat|conversation)\.?\s*$|"
    r"the conversation was (assigned|closed|reopened))"
)
_PHONE: Final = r"(\+|\b00)\d[\d ().\-/]{6,18}\d\b|\(\d{3}\) ?\d{3}[- .]?\d{4}\b|\b\d{3}[-.]\d{3}[-.]\d{4}\b"
_SUSPECT: Final = r"@|%40|://|(\d[ \-]?){5}\d|\w{32}|eyJ|(?i:\b(sk|pk|gh[a-z]|xox[a-z]|bearer)[-_ ])"
_ENGLISH: Final = (
    r"(?i)\b(the|and|is|are|you|your|to|my|for|it|of|have|has|not|this|that|was|with|on|in|we|can|will|do|be|please|how|"
    r"i|a|an|me|what|when|why|but|just|thanks|thank|help|any|been|from|there|need)\b"
)

_closing, _phone, _tag = re.compile(_CLOSING), re.compile(_PHONE), re.compile(r"<[^>]*>")
_gone = re.compile(r"(?is)<(script|style|blockquote)\b.*?</\1\s*>|<div[^>]*class=\"[^\"]*(gmail_quote|yahoo_quoted).*")
_break = re.compile(r"(?i)<br\s*/?>|</(p|div|li|tr|h[1-6])\s*>")
SIGNATURE_LINES: Final = 8


def clean_messages(rows: Any) -> Any:
    """Arrow rows of messages with their texts cleaned, without those of which nothing is left; with languages."""
    coded = pc.dictionary_encode(rows["text"]).combine_chunks()
    if not isinstance(coded, pa.DictionaryArray):
        coded = pa.concat_arrays(coded.chunks) if coded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    texts = clean_texts(coded.dictionary).take(coded.indices)
    rows = rows.set_column(rows.column_names.index("text"), "text", texts)
    rows = rows.filter(pc.greater(pc.fill_null(pc.utf8_length(texts), 0), 0))
    keys = text_keys(rows["conversation_id"])
    rows = rows.set_column(rows.column_names.index("conversation_key"), "conversation_key", keys)
    rows = rows.set_column(rows.column_names.index("language"), "language", _languages(rows, keys))
    if not is_wanted() or not rows.num_rows:
        return rows
    named = without_names(rows["text"], rows["language"])
    return rows.set_column(rows.column_names.index("text"), "text", named)


def clean_texts(texts: Any) -> Any:
    """An Arrow array of texts without what their writers did not write, masked; empty where nothing is left.

    >>> clean_texts(pa.array(["<p>It is <b>late</b></p>", "Yes.\\n\\n> is it?", "call +49 30 1234567"])).to_pylist()
    ['It is late', 'Yes.', 'call [phone]']
    """
    texts = pc.utf8_slice_codeunits(pc.fill_null(texts.cast(pa.string()), ""), 0, LONGEST)
    texts = pc.replace_substring(pc.replace_substring(texts, "\r\n", "\n"), "\x00", "")
    texts = _where(texts, _TAGS, without_tags)
    texts = pc.if_else(pc.match_substring_regex(texts, _NOTICE), "", texts)
    texts = _where(texts, _QUOTED, without_quotes)
    texts = _where(texts, _CLOSING, without_signature)
    texts = _where(texts, _SUSPECT, masked)
    return pc.utf8_trim_whitespace(texts)


def without_tags(text: str) -> str:
    """The text that HTML shows, without what it quotes.

    >>> without_tags("<p>Two &amp; two</p><blockquote>old</blockquote>")
    'Two & two\\n'
    """
    return html.unescape(_tag.sub("", _break.sub("\n", _gone.sub("", text))))


def without_quotes(text: str) -> str:
    """A reply without the message that it answers.

    >>> without_quotes("No.\\n\\nOn Mon, Jan 5, 2026 at 9:12 AM Help <h@x.example> wrote:\\n> Was it good?")
    'No.'
    """
    found = quotequail.unwrap(text)
    if found and found["type"] in {"reply", "forward"}:
        text = "\n".join(part for part in (found.get("text_top"), found.get("text_bottom")) if part)
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))


def without_signature(text: str) -> str:
    """A message up to its closing, where only a few short lines follow.

    >>> without_signature("It broke again.\\n\\nBest regards,\\nAda Ram\\nHead of Looms")
    'It broke again.'
    """
    for found in _closing.finditer(text):
        after = [line for line in text[found.end() :].split("\n") if line.strip()]
        if not after and found[0].strip().lower().startswith(("thank", "many thank")):
            continue  # nobody signed: it is said, not closed with
        if len(after) <= SIGNATURE_LINES and all(len(line) <= 80 for line in after) and found.start():
            return text[: found.start()].rstrip()
    return text


def masked(text: str) -> str:
    """A text without addresses, numbers of cards, accounts and phones.

    >>> masked("ada@example.org, (555) 123-4567")
    '[email], [phone]'
    """
    return _phone.sub("[phone]", clean_text(text))


def _where(texts: Any, look: str, change: Any) -> Any:
    """The texts, changed one by one where a cheap look at all of them finds something."""
    places = np.flatnonzero(pc.match_substring_regex(texts, look).to_numpy(zero_copy_only=False))
    if not places.size:
        return texts
    changed = pa.array([change(text) for text in texts.take(pa.array(places)).to_pylist()], pa.string())
    mask = np.zeros(len(texts), bool)
    mask[places] = True
    return pc.replace_with_mask(texts, pa.array(mask), changed)


def _languages(rows: Any, keys: Any) -> Any:
    """The language told, else that of what the customer wrote in the conversation, as far as these rows hold it."""
    told = pc.utf8_lower(pc.utf8_slice_codeunits(rows["language"].cast(pa.string()), 0, 2))
    told = pc.if_else(pc.equal(pc.utf8_length(told), 2), told, None)
    if not rows.num_rows or told.null_count == 0:
        return told
    firsts = pc.utf8_slice_codeunits(rows["text"], 0, SAMPLE)
    order = pa.array(np.where(pc.equal(rows["side"], "customer").to_numpy(zero_copy_only=False), 0, 1))
    table = pa.table({"key": keys, "order": order, "text": firsts}).filter(pc.is_null(told)).sort_by("order")
    grouped = table.group_by("key", use_threads=False).aggregate([("text", "first")])
    found = pa.array(languages_of(grouped["text_first"]), pa.string())
    places = pc.index_in(keys, grouped["key"].combine_chunks())
    return pc.coalesce(told, found.take(places))


def languages_of(texts: Any) -> list[str]:
    """ISO 639-1 codes of Arrow texts: English by its little words, what is not plainly English by py3langid.

    >>> languages_of(pa.array(["I do not know what to do with it", "Warum ist das Paket noch nicht da?"]))
    ['en', 'de']
    """
    from py3langid import classify  # slow to load

    words = pc.add(pc.count_substring_regex(texts, r"\s+"), 1).to_numpy(zero_copy_only=False)
    little = pc.count_substring_regex(texts, _ENGLISH).to_numpy(zero_copy_only=False)
    plain = (little >= 2) & (little >= 0.25 * words)
    others = texts.filter(pa.array(~plain)).to_pylist()
    found = iter([str(classify(text)[0]) if text else "en" for text in others])
    return ["en" if english else next(found) for english in plain.tolist()]
