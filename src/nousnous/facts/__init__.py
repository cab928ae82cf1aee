"""Frozen types of what is stored and of what one part tells another, one file per part."""
