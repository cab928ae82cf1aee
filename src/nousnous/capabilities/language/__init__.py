"""How far apart do company and customers sound, and which words do it?

Reads messages; makes sentiments of them, the audit of gaps by group, and jargon.
"""
