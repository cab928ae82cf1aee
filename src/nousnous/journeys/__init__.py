"""The map: journeys, stages, steps, visits; the metric catalogue and segments."""
