"""Who is about to leave without a word, and by which signs?

Reads events; makes signs of fading with their evidence, and the fact `AttritionSignalled`.
"""
