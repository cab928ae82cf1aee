"""What did a customer see and do, second by second?

Reads chunks of recordings, events and scores; makes the list of replays, their moments, and heat maps of screens.
"""
