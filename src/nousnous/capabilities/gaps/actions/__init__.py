"""The verbs of beliefs and gaps: write, seal, judge, report, simulate. One file per verb."""
