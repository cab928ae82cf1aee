"""Whoever adds a text to the records says whether it may name a person; an erasure looks through those that may."""

from django.apps import apps
from django.db import models

LOOKED_THROUGH = {
    "capabilities.cases.Case": {"asked", "cause", "offer", "person", "said", "trouble"},
    "capabilities.surveys.Asking": {"anonymous_id", "screen", "session_id", "user_id"},
    "capabilities.credits.Credit": {"key", "person", "reason"},
    "collector.Import": {"file_name", "mapping", "reason"},
    "journeys.Evidence": {"felt", "meant", "reference"},
    "people.MergeSuggestion": {"known_id", "previous_id"},
    "plays.Firing": {"person", "said"},
    "plays.channels.PageMessage": {"address", "button", "text", "title"},
    "runs.OutboxEntry": {"payload"},
    "runs.Run": {"state", "trouble"},
    "workspaces.AuditEntry": {"object"},
}
OF_MEMBERS = {
    "capabilities.cases.Case": {"owner"},
    "capabilities.cases.Rota": {"actor", "text"},
    "capabilities.credits.Credit": {"granted_by", "reversed_by"},
    "capabilities.credits.Posting": {"posted_by"},
    "capabilities.gaps.Belief": {"author", "segment"},
    "capabilities.language.Label": {"labelled_by"},
    "capabilities.language.Switch": {"actor", "reason"},
    "capabilities.phrases.Article": {"public_text", "public_title", "slug"},
    "capabilities.phrases.ArticleVersion": {"text", "title", "written_by"},
    "capabilities.phrases.Phrase": {"jargon", "key", "used_in"},
    "capabilities.phrases.Wording": {"decided_by", "evidence", "plain", "proposed_by", "reason"},
    "capabilities.surveys.Survey": {"actor", "name", "text"},
    "capabilities.surveys.SurveyVersion": {"actor", "text"},
    "capabilities.themes.Theme": {"name"},
    "capabilities.workshops.Round": {"outcome"},
    "capabilities.workshops.Vote": {"group"},
    "capabilities.workshops.Workshop": {"created_by", "link", "text"},
    "collector.Import": {"started_by"},
    "experiments.Ending": {"actor"},
    "experiments.ExperimentVersion": {"actor", "name", "text"},
    "experiments.Fix": {"actor", "name", "text"},
    "experiments.Slice": {"group"},
    "journeys.Archival": {"actor"},
    "journeys.Evidence": {"noted_by"},
    "journeys.JourneyVersion": {"actor", "name", "text"},
    "journeys.Segment": {"actor", "name", "text"},
    "plays.Play": {"name"},
    "plays.PlayVersion": {"actor", "text"},
    "plays.channels.Channel": {"connected_by", "name", "told"},
    "plays.channels.Sent": {"taken_by"},
    "workspaces.ApiToken": {"label"},
    "workspaces.AuditEntry": {"actor"},
    "workspaces.BrowserConfiguration": {"parts"},
    "workspaces.User": {"email", "name", "password"},
    "workspaces.Workspace": {"name", "slug"},
    "workspaces.WriteKey": {"label"},
}
"""What members say of themselves and of the company; it is theirs and stays."""
OURS = {
    "capabilities.attrition.ForecastVersion": {"backtest", "definition", "document"},
    "capabilities.cases.Case": {
        *("arm", "id", "journey", "key", "play", "priority", "reference", "source", "state", "step", "survey", "team"),
    },
    "capabilities.cases.Rota": {"rota_id"},
    "capabilities.credits.Credit": {"id"},
    "capabilities.credits.Posting": {"into", "out_of"},
    "capabilities.gaps.Belief": {"id", "journey", "metric", "step"},
    "capabilities.gaps.StoredVerdict": {
        "definition",
        "denominator",
        "lean",
        "method",
        "reason",
        "snapshot",
        "unit",
        "verdict",
    },
    "capabilities.language.Hook": {"id", "tool"},
    "capabilities.language.Head": {"base", "quality", "report", "version"},
    "capabilities.language.Label": {"quality"},
    "capabilities.language.Scorer": {"quality", "version"},
    "capabilities.language.Switch": {"quality", "version", "version_before"},
    "capabilities.phrases.Article": {"id", "locale"},
    "capabilities.phrases.Phrase": {"id", "locale", "tone"},
    "capabilities.phrases.Wording": {"locale", "source", "status", "tone"},
    "capabilities.spreads.LowScore": {"id", "metric", "step"},
    "capabilities.surveys.Asking": {"id", "key", "position", "way"},
    "capabilities.surveys.Survey": {"survey_id", "token"},
    "capabilities.themes.Finding": {"method", "method_before"},
    "capabilities.themes.Theme": {"id", "words", "method", "center"},
    "capabilities.workshops.Round": {"id"},
    "capabilities.workshops.Workshop": {"id"},
    "collector.Import": {"digest", "id", "kind", "state"},
    "experiments.Ending": {"experiment_id"},
    "experiments.ExperimentVersion": {"experiment_id"},
    "experiments.Fix": {"fix_id", "journey", "step"},
    "experiments.Slice": {"experiment_id"},
    "journeys.Archival": {"journey_id"},
    "journeys.Evidence": {"id", "journey", "kind", "step"},
    "journeys.JourneyVersion": {"journey_id"},
    "journeys.KeptVisits": {"visits_key"},
    "people.Consent": {"purpose", "state"},
    "people.Erasure": {"receipt"},
    "people.ErasureReceipt": {"receipt", "rows"},
    "people.NeededConsent": {"purpose"},
    "plays.Firing": {"arm", "details", "event", "id", "references", "state"},
    "plays.Play": {"play_id"},
    "plays.Watch": {"seen", "threshold"},
    "plays.channels.Channel": {"id", "kind", "trouble"},
    "plays.channels.PageMessage": {"key"},
    "plays.channels.PushSubscription": {"endpoint", "public_key", "secret"},
    "plays.channels.Sent": {"key", "reference"},
    "runs.OutboxEntry": {"fact"},
    "runs.Run": {"id", "key", "kind", "stage", "status", "workspace_id"},
    "runs.Schedule": {"cron", "kind", "name", "state", "timezone", "workspace_id"},
    "warehouse.Retention": {"table"},
    "warehouse.RetentionReceipt": {"table"},
    "workspaces.ApiToken": {"id", "scopes", "secret_hash"},
    "workspaces.AuditEntry": {"verb"},
    "workspaces.Member": {"role"},
    "workspaces.SignInAddress": {"secret_hash"},
    "workspaces.Workspace": {"currency", "id", "timezone"},
    "workspaces.WriteKey": {"id", "key"},
}
"""Words of the product: kinds, states, ids that it makes, names that a journey gives, words that many people said."""


def name_of(model: type[models.Model]) -> str:
    return f"{model.__module__.removeprefix('nousnous.').removesuffix('.models')}.{model.__name__}"


def test_every_text_of_the_records_is_known_to_erasures() -> None:
    said: dict[str, set[str]] = {}
    for part in (LOOKED_THROUGH, OF_MEMBERS, OURS):
        for name, fields in part.items():
            assert not said.get(name, set()) & fields
            said[name] = said.get(name, set()) | fields
    texts = (models.CharField, models.TextField, models.JSONField, models.FileField)
    stored = {
        name_of(model): {field.name for field in model._meta.fields if isinstance(field, texts)}
        for model in apps.get_models()
        if model.__module__.startswith("nousnous.")
    }
    assert {name: fields for name, fields in stored.items() if fields} == said
