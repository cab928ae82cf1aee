"""Addresses of cases."""

from django.urls import path

from nousnous.capabilities.cases import views

app_name = "cases"

workspace_urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/new/", views.new, name="new"),
    path("cases/closed/", views.closed, name="closed"),
    path("cases/rota/", views.rotas_page, name="rotas"),
    path("cases/<str:case>/", views.case, name="case"),
    path("cases/<str:case>/claim/", views.claim, name="claim"),
    path("cases/<str:case>/close/", views.close, name="close"),
    path("cases/<str:case>/survey/", views.survey, name="survey"),
]
