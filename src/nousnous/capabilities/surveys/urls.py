"""Addresses of surveys: those that customers answer at, and those of members."""

from django.urls import path

from nousnous.capabilities.surveys.views import answering, builder, in_page

app_name = "surveys"

urlpatterns = [
    path("s/ask/", in_page.ask_in_page, name="ask"),
    path("s/<str:link>/take/", in_page.take, name="take"),
    path("s/<str:link>/dismiss/", in_page.dismissed, name="dismiss"),
    path("s/<str:link>/", answering.answer, name="answer"),
    path("s/<str:link>/style.css", answering.style, name="style"),
]

workspace_urlpatterns = [
    path("surveys/", builder.surveys, name="surveys"),
    path("new-survey/", builder.new, name="new"),
    path("surveys/<str:survey>/", builder.show, name="survey"),
    path("surveys/<str:survey>/edit/", builder.edit, name="edit"),
    path("surveys/<str:survey>/publish/", builder.publish, name="publish"),
    path("surveys/<str:survey>/close/", builder.close, name="close"),
    path("surveys/<str:survey>/link/", builder.link, name="link"),
    path("surveys/<str:survey>/document.json", builder.document, name="document"),
    path("surveys/<str:survey>/theme.css", builder.theme, name="theme"),
    path("surveys/<str:survey>/code.<str:form>", builder.code, name="code"),
]
