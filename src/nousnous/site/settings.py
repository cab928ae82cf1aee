"""Django's settings, made from the `NOUS_*` settings of the installation."""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nousnous.base import clock
from nousnous.base.configuration import load
from nousnous.site.databases import database
from nousnous.site.mail import mail_settings
from nousnous.site.secrets import installation_secret
from nousnous.site.static_files import fingerprint, policy_hash, style_within_pages

NOUS = load()
clock.run_at(NOUS.clock)
NOUS.home.mkdir(parents=True, exist_ok=True)

BASE_DIR = Path(__file__).parent
SECRET_KEY = NOUS.secret_key or installation_secret(NOUS.home)
DEBUG = NOUS.debug
ROOT_URLCONF = "nousnous.site.urls"
ASGI_APPLICATION = "nousnous.site.asgi.application"
DT_MANAGE_SCRIPT = "nous"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(NOUS)}

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
    "nousnous.collector",
    "nousnous.people",
    "nousnous.journeys",
    "nousnous.plays",
    "nousnous.experiments",
    "nousnous.plays.channels",
    "nousnous.capabilities.gaps",
    "nousnous.capabilities.spreads",
    "nousnous.capabilities.themes",
    "nousnous.capabilities.attrition",
    "nousnous.capabilities.language",
    "nousnous.capabilities.contacts",
    "nousnous.capabilities.replays",
    "nousnous.capabilities.accessibility",
    "nousnous.capabilities.surveys",
    "nousnous.capabilities.cases",
    "nousnous.capabilities.credits",
    "nousnous.capabilities.phrases",
    "nousnous.capabilities.workshops",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    *sorted({app.value for app in entry_points(group="nousnous.apps")}),  # what else is installed, such as the demo
]

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "nousnous.site.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nousnous.site.middleware.Doors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["nousnous.workspaces.templatetags.pages"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nousnous.site.navigation.navigation",
            ],
        },
    }
]

# Where the site is reached
_ADDRESS = urlsplit(NOUS.address)
_SECURE = _ADDRESS.scheme == "https"
ALLOWED_HOSTS = [_ADDRESS.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_ADDRESS.scheme}://{_ADDRESS.netloc}"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "nous_session"
CSRF_COOKIE_NAME = "nous_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "nousnous.site.errors.csrf_failure"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Languages and times; days of a report are those of the workspace's time zone
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]

# Static files
STATIC_URL = f"/static/{fingerprint(BASE_DIR.parent)}/"
STYLE = style_within_pages(STATIC_URL)

# Guesses are counted here, by address and by account; so many that nobody makes it forget by naming others
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Sign-in
AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["nousnous.site.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "nousnous.site.entrance.Entrance"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is vouched for by the member who invites it, or by the provider
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _ADDRESS.scheme
MFA_ADAPTER = "nousnous.site.entrance.Codes"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Nous-Nous"
MFA_TOTP_TOLERANCE = 1  # a code that changes while it is typed is still taken, as RFC 6238 (5.2) recommends
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _SECURE
SOCIALACCOUNT_ADAPTER = "nousnous.site.entrance.ProviderEntrance"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": "Single sign-on",
                "client_id": NOUS.oidc_client_id,
                "secret": NOUS.oidc_client_secret,
                "settings": {"server_url": NOUS.oidc_issuer},
            }
        ]
        if NOUS.oidc_issuer
        else [],
    }
}

# The whole content security policy; a provider of sign-in is the one other place that a form may lead to
CONTENT_SECURITY_POLICY = (
    f"default-src 'self'; style-src 'self' {policy_hash(STYLE)}; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'; form-action 'self'"
    + (f" {'{0.scheme}://{0.netloc}'.format(urlsplit(NOUS.oidc_issuer))}" if NOUS.oidc_issuer else "")
)

# Mail
DEFAULT_FROM_EMAIL = SERVER_EMAIL = NOUS.mail_sender
globals().update(mail_settings(NOUS.mail))

# Uploads go to disk above 2 MB; how large a file may be is for the page that takes it to say
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "nousnous.site.logs.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "nousnous": {"level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # what a visitor asks for wrongly is no trouble of ours
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # nor is a made-up host, and it would fill the log
    },
}
