"""Pages of the language gap: the audit, the audit on paper, one conversation; and where tools deliver."""

from nousnous.capabilities.language.views.deliveries import deliver
from nousnous.capabilities.language.views.pages import audit, conversation, posted, printed

__all__ = ["audit", "conversation", "deliver", "posted", "printed"]
