"""Composition root: settings, urls, asgi, navigation, the `nous` command. Holds no logic."""
