"""Why work failed, in a sentence for members: what our own errors say; of all others only their kind, for a
traceback may name anybody."""

from typing import Final

OURS: Final = "nousnous.base.errors."
DIED: Final = "The process that performed it died."
KINDS: Final = (
    (("No space left on device",), "The disk was full."),
    (("MemoryError", "OutOfMemory"), "It needed more memory than there is."),
    (("OperationalError", "InterfaceError"), "The records were out of reach."),
    (("FileNotFoundError",), "A file that it needs is not there any more."),
    (("OSError", "IOException", "PermissionError"), "A file could not be read or written."),
)


def reason_of(trouble: str) -> str:
    """The sentence for a traceback, or for what stands in its place.

    >>> reason_of("Traceback…\\nnousnous.base.errors.Missing: There is no journey “shop”.")
    'There is no journey “shop”.'
    >>> reason_of("Traceback…\\nOSError: [Errno 28] No space left on device")
    'The disk was full.'
    >>> reason_of("Traceback…\\nKeyError: 'ada@example.org'")
    'Something went wrong on our side (KeyError); who runs the installation finds the cause in its log.'
    """
    last = trouble.strip().rsplit("\n", 1)[-1]
    kind, _, said = last.partition(": ")
    if last == DIED:
        return "The process that worked on it ended each time; it may need more memory than there is."
    if kind.startswith(OURS):
        return said
    for signs, sentence in KINDS:
        if any(sign in last for sign in signs):
            return sentence
    name = kind.rpartition(".")[2] if kind.replace(".", "").replace("_", "").isalnum() else ""
    told = f" ({name})" if name else ""
    return f"Something went wrong on our side{told}; who runs the installation finds the cause in its log."
