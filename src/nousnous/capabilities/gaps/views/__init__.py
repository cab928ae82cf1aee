"""Pages of the gap: parse, one action, render."""
