"""The facts at rest: Delta tables, engines, snapshots, compaction, retention."""
