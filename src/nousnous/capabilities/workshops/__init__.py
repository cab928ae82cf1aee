"""In which tone do customers want to be told it?

Reads nothing but their votes, and keeps nothing that leads to a person; makes the fact `ToneChosen` of a winner.
"""
