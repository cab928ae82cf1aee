"""How do we say it, to whom, in which tone, and who approved that?

Reads the facts `ToneChosen`; makes wordings in versions, which the API serves and an edge takes as one bundle.
"""
