"""Addresses of the gap, its steps, beliefs and readiness."""

from django.urls import path

from nousnous.capabilities.gaps.views import beliefs, downloads, gap, home, readiness, step

app_name = "gaps"

workspace_urlpatterns = [
    path("", home.home, name="home"),
    path("gap/", gap.gap, name="gap"),
    path("gap/report.<slug:form>", downloads.download, name="download"),
    path("gap/<str:journey>/<str:step>/", step.step, name="step"),
    path("beliefs/", beliefs.beliefs, name="beliefs"),
    path("beliefs/write/", beliefs.write, name="write"),
    path("beliefs/<str:belief>/seal/", beliefs.seal, name="seal"),
    path("beliefs/<str:belief>/withdraw/", beliefs.withdraw, name="withdraw"),
    path("readiness/", readiness.readiness, name="readiness"),
]
