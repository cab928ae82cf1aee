"""Addresses of contacts that come back."""

from django.urls import path

from nousnous.capabilities.contacts import views

app_name = "contacts"

workspace_urlpatterns = [path("contacts/", views.contacts, name="contacts")]
