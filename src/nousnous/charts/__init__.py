"""One chart, many outputs: pure functions that take data and write SVG, and documents made of the same SVG.

A chart function takes its data, a form and an id; its words are those of `kit.Pen`. No chart reads anything.
"""
