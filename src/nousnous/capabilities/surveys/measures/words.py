"""The few words that a survey says by itself, in the languages that it may be asked in."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "next": "Next", "send": "Send", "skip": "Skip", "close": "Close", "thanks": "Thank you for your answers.",
        "written": "Your answer", "optional": "optional", "of": "{at} of at most {all}", "why": "In your own words",
        "yes": "I agree", "no": "I do not agree", "failed": "That could not be sent. Try again.",
    },
    "de": {
        "next": "Weiter", "send": "Senden", "skip": "Überspringen", "close": "Schließen",
        "thanks": "Danke für Ihre Antworten.", "written": "Ihre Antwort", "optional": "freiwillig",
        "of": "{at} von höchstens {all}", "why": "In Ihren Worten", "yes": "Ich stimme zu", "no": "Ich stimme nicht zu",
        "failed": "Das konnte nicht gesendet werden. Versuchen Sie es noch einmal.",
    },
    "fr": {
        "next": "Suivant", "send": "Envoyer", "skip": "Passer", "close": "Fermer",
        "thanks": "Merci pour vos réponses.", "written": "Votre réponse", "optional": "facultatif",
        "of": "{at} sur {all} au plus", "why": "Avec vos mots", "yes": "J’accepte", "no": "Je n’accepte pas",
        "failed": "L’envoi a échoué. Réessayez.",
    },
    "es": {
        "next": "Siguiente", "send": "Enviar", "skip": "Omitir", "close": "Cerrar",
        "thanks": "Gracias por sus respuestas.", "written": "Su respuesta", "optional": "opcional",
        "of": "{at} de {all} como máximo", "why": "Con sus palabras", "yes": "Acepto", "no": "No acepto",
        "failed": "No se pudo enviar. Inténtelo de nuevo.",
    },
    "ar": {
        "next": "التالي", "send": "إرسال", "skip": "تخطي", "close": "إغلاق", "thanks": "شكراً على إجاباتك.",
        "written": "إجابتك", "optional": "اختياري", "of": "{at} من {all} على الأكثر", "why": "بكلماتك",
        "yes": "أوافق", "no": "لا أوافق", "failed": "تعذر الإرسال. حاول مرة أخرى.",
    },
}  # fmt: skip


def words_of(language: str) -> Mapping[str, str]:
    """The words of a language, else the English ones.

    >>> words_of("de-CH")["send"], words_of("xx")["send"]
    ('Senden', 'Send')
    """
    return WORDS.get(language.split("-", maxsplit=1)[0], WORDS["en"])
