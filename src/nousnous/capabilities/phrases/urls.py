"""Addresses of the phrase book, of articles, and of the help that customers read."""

from django.urls import path

from nousnous.capabilities.phrases.views import articles, reading
from nousnous.capabilities.phrases.views import phrases as views

app_name = "phrases"

urlpatterns = [
    path("help/<slug:workspace>/", reading.help_page, name="help"),
    path("help/<slug:workspace>/<str:article>/", reading.article, name="read"),
]

workspace_urlpatterns = [
    path("phrases/", views.phrase_list, name="list"),
    path("phrases/bundle.json", views.bundle, name="bundle"),
    path("propose-wording/", views.propose, name="propose"),
    path("articles/", articles.article_list, name="articles"),
    path("new-article/", articles.new, name="new-article"),
    path("articles/<str:article>/", articles.article, name="article"),
    path("articles/<str:article>/edit/", articles.edit, name="edit-article"),
    path("articles/<str:article>/publish/", articles.publish, name="publish-article"),
    path("articles/<str:article>/take-down/", articles.take_down, name="take-down-article"),
    path("phrases/<str:phrase>/", views.phrase, name="phrase"),
    path("phrases/<str:phrase>/<int:number>/approve/", views.approve, name="approve"),
    path("phrases/<str:phrase>/<int:number>/decline/", views.decline, name="decline"),
    path("phrases/<str:phrase>/<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
