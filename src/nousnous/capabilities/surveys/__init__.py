"""What do customers say, asked at the right moment and not too often?

Reads the rules of who is asked; makes surveys, their versions, and answers, which are kept as scores.
"""
