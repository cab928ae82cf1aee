"""Django's settings, made from the `NOUS_*` settings of the installation."""

from pathlib import Path

from nousnous.base.configuration import load
from nousnous.site.databases import database
from nousnous.site.secrets import installation_secret

NOUS = load()
NOUS.home.mkdir(parents=True, exist_ok=True)

BASE_DIR = Path(__file__).parent
SECRET_KEY = NOUS.secret_key or installation_secret(NOUS.home)
DEBUG = NOUS.debug
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "nousnous.site.urls"
ASGI_APPLICATION = "nousnous.site.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"

AUTH_USER_MODEL = "workspaces.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "nousnous.site",
    "nousnous.runs",
    "nousnous.workspaces",
    "nousnous.warehouse",
    "nousnous.people",
]

DATABASES = {"default": database(NOUS)}
