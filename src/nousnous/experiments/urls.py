"""Addresses of experiments and fixes."""

from django.urls import path

from nousnous.experiments.views import experiments, fixes

app_name = "experiments"

workspace_urlpatterns = [
    path("experiments/", experiments.experiments, name="list"),
    path("new-experiment/", experiments.new, name="new"),
    path("fixes/", fixes.fixes, name="fixes"),
    path("new-fix/", fixes.new, name="new_fix"),
    path("fixes/<str:fix>/", fixes.show, name="fix"),
    path("fixes/<str:fix>/text/", fixes.edit, name="edit_fix"),
    path("experiments/<path:experiment>/text/", experiments.edit, name="edit"),
    path("experiments/<path:experiment>/history/", experiments.history, name="history"),
    path("experiments/<path:experiment>/end/", experiments.end, name="end"),
    path("experiments/<path:experiment>/", experiments.show, name="show"),
]
