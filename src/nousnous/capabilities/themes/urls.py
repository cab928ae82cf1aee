"""Addresses of themes."""

from django.urls import path

from nousnous.capabilities.themes import views

app_name = "themes"

workspace_urlpatterns = [
    path("themes/", views.themes, name="themes"),
    path("themes/find/", views.find, name="find"),
    path("themes/<str:theme>/", views.theme, name="theme"),
    path("themes/<str:theme>/arrange/", views.arrange, name="arrange"),
]
