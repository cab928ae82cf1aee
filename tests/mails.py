"""A real mail server of tests: keeps what it takes in, and refuses whom it is told to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.browser.house import free_port


class Inbox:
    """What the server took in; `answers` are what it says of an address, one after the other, the last for ever."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, *_: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        answers = self.answers.get(address) or ["250 OK"]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken in"


@contextmanager
def mail_server(settings: Any) -> Iterator[Inbox]:
    """A server, and the site told where it is."""
    inbox, port = Inbox(), free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    try:
        yield inbox
    finally:
        server.stop()
