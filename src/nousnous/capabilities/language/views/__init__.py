"""Pages of the language gap: the audit, the audit on paper, and one conversation."""

from nousnous.capabilities.language.views.pages import audit, conversation, printed

__all__ = ["audit", "conversation", "printed"]
