"""The metrics that this capability adds to the catalogue."""

from nousnous.journeys.catalogue import METRICS, Metric, metric_of, register_metrics

__all__ = ["METRICS", "Metric", "metric_of"]

register_metrics(
    Metric("completion", "Completion", "share", "share", 1, 0, 1, "visits"),
    Metric("failure_rate", "Failure rate", "share", "share", -1, 0, 1, "visits"),
    Metric("duration_p50", "Median duration", "s", "unbounded", -1, 0, None, "completed visits"),
    Metric("duration_p90", "Duration of the slowest tenth", "s", "unbounded", -1, 0, None, "completed visits"),
    Metric("frustration_rate", "Frustration rate", "share", "share", -1, 0, 1, "visits, frustration events"),
    Metric("contact_rate", "Contact rate", "share", "share", -1, 0, 1, "visits, contacts"),
    Metric("nps", "NPS", "points", "nps", 1, -100, 100, "answers from 0 to 10"),
    Metric("csat", "Satisfied answers", "share", "share", 1, 0, 1, "csat answers"),
    Metric("ces", "Ease", "answer", "bounded", 1, 1, 7, "answers from 1 to 7"),
    Metric("rating", "Rating", "answer", "bounded", 1, 1, 5, "ratings", own_scale=True),
    Metric("low_tail", "Low tail", "share", "share", -1, 0, 1, "answers on a scale"),
)
