"""Durable work: leased runs, clocks, schedules, outbox.

A **run** is one piece of work that must happen although processes die: it waits until it is due, is leased by one
worker, performs a stage, and advances. What a stage changes in the records is committed together with the advance,
and only if the lease is still the worker's own. A **schedule** starts runs by a cron line. The **outbox** holds facts:
recorded in the transaction that made them true, they start the runs that `site` binds to them, once each.
"""
