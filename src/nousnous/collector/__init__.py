"""Signals in: the ingest app, one file per wire dialect, the write-ahead log, the loader, file imports."""
