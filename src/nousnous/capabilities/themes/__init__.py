"""What do customers talk about?

Reads open answers beside scores; makes one tree of themes with shares, sentiment and quotes, which members may arrange.
"""
