"""How are scores spread, and on which screen did it turn?

Reads scores, and events of the sessions before them; makes spreads, guilty screens, and the fact `LowScoreGiven`.
"""
