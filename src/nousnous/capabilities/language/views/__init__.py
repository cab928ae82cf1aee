"""Pages of the language gap: the audit, the audit on paper, one conversation, its scorers; and where tools deliver."""

from nousnous.capabilities.language.views.deliveries import deliver
from nousnous.capabilities.language.views.pages import audit, conversation, posted, printed
from nousnous.capabilities.language.views.scorers import labels, scorers, switched

__all__ = ["audit", "conversation", "deliver", "labels", "posted", "printed", "scorers", "switched"]
