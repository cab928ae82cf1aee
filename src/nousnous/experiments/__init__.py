"""Prove: who is assigned to which arm, what came of it, and what changed where nothing could be assigned.

Reads `Experiment Viewed` events, events, scores and kept visits of journeys; answers flags. Plays put their own people
into arms by the same events, and are read out here.
"""
