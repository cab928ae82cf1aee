"""Addresses of a workspace's settings, and of coming in by a one-time address."""

from django.urls import path

from nousnous.workspaces import entrance, views

app_name = "workspaces"

urlpatterns = [
    path("sign-in/<str:secret>", entrance.once, name="once"),
    path("account/welcome/", entrance.welcome, name="welcome"),
]

workspace_urlpatterns = [
    path("settings/", views.profile, name="profile"),
    path("settings/members/", views.members, name="members"),
    path("settings/members/invite/", views.invite, name="invite"),
    path("settings/members/<int:member>/role/", views.change_role, name="change_role"),
    path("settings/members/<int:member>/remove/", views.remove_member, name="remove_member"),
    path("settings/roles/", views.roles, name="roles"),
    path("settings/keys/", views.keys, name="keys"),
    path("settings/keys/create/", views.create_key, name="create_key"),
    path("settings/keys/<str:key>/revoke/", views.revoke_key, name="revoke_key"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/create/", views.create_token, name="create_token"),
    path("settings/tokens/<str:token>/revoke/", views.revoke_token, name="revoke_token"),
    path("settings/audit/", views.audit_log, name="audit_log"),
]
