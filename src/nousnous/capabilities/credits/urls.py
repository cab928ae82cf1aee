"""Addresses of credits."""

from django.urls import path

from nousnous.capabilities.credits import views

app_name = "credits"

workspace_urlpatterns = [
    path("credits/", views.credit_list, name="list"),
    path("credits/budget/", views.budget, name="budget"),
    path("credits/grant/", views.grant, name="grant"),
    path("credits/<str:credit>/", views.credit, name="credit"),
    path("credits/<str:credit>/reverse/", views.reverse, name="reverse"),
]
