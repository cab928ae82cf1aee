"""Pages of replays and heat maps."""
