"""Signals from files: reading, mapping, preview, landing, rejects and undo of events and of survey scores."""
