"""The few words that a survey says by itself, in the languages that it may be asked in."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "next": "Next", "send": "Send", "skip": "Skip", "close": "Close", "thanks": "Thank you for your answers.",
        "written": "Your answer", "optional": "optional", "of": "{at} of at most {all}", "why": "In your own words",
        "yes": "I agree", "no": "I do not agree", "failed": "That could not be sent. Try again.",
        "anonymous": "Anonymous: neither who you are nor the minute is kept.",
        "once": "One answer per browser; a cookie remembers it.",
        "already": "You answered this already on {on}.",
        "stands": "You answered that question on {on}; the first answer stands.",
        "closed": "This survey is closed.",
        "full": "This survey has all the answers it asked for.",
        "invited": "This survey is for people who were invited. Use the link that you were sent.",
        "chosen": "Opening this only chooses: nothing is sent before you press the button.",
    },
    "de": {
        "next": "Weiter", "send": "Senden", "skip": "Überspringen", "close": "Schließen",
        "thanks": "Danke für Ihre Antworten.", "written": "Ihre Antwort", "optional": "freiwillig",
        "of": "{at} von höchstens {all}", "why": "In Ihren Worten", "yes": "Ich stimme zu", "no": "Ich stimme nicht zu",
        "failed": "Das konnte nicht gesendet werden. Versuchen Sie es noch einmal.",
        "anonymous": "Anonym: weder wer Sie sind noch die Minute wird behalten.",
        "once": "Eine Antwort je Browser; ein Cookie merkt sie sich.",
        "already": "Sie haben dies schon am {on} beantwortet.",
        "stands": "Sie haben diese Frage am {on} beantwortet; die erste Antwort gilt.",
        "closed": "Diese Umfrage ist geschlossen.",
        "full": "Diese Umfrage hat alle Antworten, um die sie bat.",
        "invited": "Diese Umfrage ist für Eingeladene. Nehmen Sie den Link, der Ihnen geschickt wurde.",
        "chosen": "Öffnen wählt nur aus: Gesendet wird erst mit der Schaltfläche.",
    },
    "fr": {
        "next": "Suivant", "send": "Envoyer", "skip": "Passer", "close": "Fermer",
        "thanks": "Merci pour vos réponses.", "written": "Votre réponse", "optional": "facultatif",
        "of": "{at} sur {all} au plus", "why": "Avec vos mots", "yes": "J’accepte", "no": "Je n’accepte pas",
        "failed": "L’envoi a échoué. Réessayez.",
        "anonymous": "Anonyme : ni votre identité ni la minute ne sont gardées.",
        "once": "Une réponse par navigateur ; un cookie s’en souvient.",
        "already": "Vous avez déjà répondu le {on}.",
        "stands": "Vous avez répondu à cette question le {on} ; la première réponse compte.",
        "closed": "Cette enquête est close.",
        "full": "Cette enquête a reçu toutes les réponses souhaitées.",
        "invited": "Cette enquête s’adresse aux personnes invitées. Utilisez le lien qui vous a été envoyé.",
        "chosen": "Ouvrir ne fait que choisir : rien n’est envoyé avant le bouton.",
    },
    "es": {
        "next": "Siguiente", "send": "Enviar", "skip": "Omitir", "close": "Cerrar",
        "thanks": "Gracias por sus respuestas.", "written": "Su respuesta", "optional": "opcional",
        "of": "{at} de {all} como máximo", "why": "Con sus palabras", "yes": "Acepto", "no": "No acepto",
        "failed": "No se pudo enviar. Inténtelo de nuevo.",
        "anonymous": "Anónimo: no se guarda quién es ni el minuto.",
        "once": "Una respuesta por navegador; una cookie la recuerda.",
        "already": "Ya respondió el {on}.",
        "stands": "Respondió a esa pregunta el {on}; vale la primera respuesta.",
        "closed": "Esta encuesta está cerrada.",
        "full": "Esta encuesta ya tiene todas las respuestas que pedía.",
        "invited": "Esta encuesta es para personas invitadas. Use el enlace que recibió.",
        "chosen": "Abrirlo solo elige: nada se envía antes de pulsar el botón.",
    },
    "ar": {
        "next": "التالي", "send": "إرسال", "skip": "تخطي", "close": "إغلاق", "thanks": "شكراً على إجاباتك.",
        "written": "إجابتك", "optional": "اختياري", "of": "{at} من {all} على الأكثر", "why": "بكلماتك",
        "yes": "أوافق", "no": "لا أوافق", "failed": "تعذر الإرسال. حاول مرة أخرى.",
        "anonymous": "مجهول الهوية: لا نحتفظ بهويتك ولا بالدقيقة.",
        "once": "إجابة واحدة لكل متصفح؛ يتذكرها ملف تعريف ارتباط.",
        "already": "لقد أجبت عن هذا في {on}.",
        "stands": "لقد أجبت عن هذا السؤال في {on}؛ تُعتمد الإجابة الأولى.",
        "closed": "هذا الاستبيان مغلق.",
        "full": "اكتملت الإجابات المطلوبة لهذا الاستبيان.",
        "invited": "هذا الاستبيان للمدعوين. استخدم الرابط الذي أُرسل إليك.",
        "chosen": "الفتح يختار فقط: لا يُرسل شيء قبل الضغط على الزر.",
    },
}  # fmt: skip


def words_of(language: str) -> Mapping[str, str]:
    """The words of a language, else the English ones.

    >>> words_of("de-CH")["send"], words_of("xx")["send"]
    ('Senden', 'Send')
    """
    return WORDS.get(language.split("-", maxsplit=1)[0], WORDS["en"])
