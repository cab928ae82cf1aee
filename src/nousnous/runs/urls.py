"""Addresses of the work in the background."""

from django.urls import path

from nousnous.runs import views

app_name = "runs"

workspace_urlpatterns = [
    path("work/", views.work, name="work"),
    path("work/<str:run>/retry/", views.retry, name="retry"),
]
