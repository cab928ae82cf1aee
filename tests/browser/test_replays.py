"""Replays and heat maps in a real browser: played to the end, by keyboard, and deaf to what a recording tries."""
