"""Addresses of the language gap."""

from django.urls import path

from nousnous.capabilities.language import views

app_name = "language"

urlpatterns = [path("conversations/<str:hook>/", views.deliver, name="deliver")]

workspace_urlpatterns = [
    path("language/", views.audit, name="audit"),
    path("language/report.pdf", views.printed, name="printed"),
    path("language/scorers/", views.scorers, name="scorers"),
    path("language/scorers/switch/", views.switched, name="switch"),
    path("language/labels/", views.labels, name="labels"),
    path("language/post/", views.posted, name="post"),
    path("language/conversations/<path:conversation_id>", views.conversation, name="conversation"),
]
