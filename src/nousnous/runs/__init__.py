"""Durable work: leased runs, clocks, schedules, outbox."""
