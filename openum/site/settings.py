"""Django's settings, one file for every installation. What may differ stands in ``environment.py`` and is read here."""

from __future__ import annotations

import os
from typing import Any

from openum.site import environment
from openum.site.logging import logging_settings

ENVIRONMENT = environment.read(os.environ)
PROJECT = environment.PROJECT

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.trusted_origins)

OPENUM_BASE_URL = ENVIRONMENT.base_url
DOCUMENT_ROOT = ENVIRONMENT.data / "documents"
OPENUM_LIBRARY = ENVIRONMENT.library
MOST_BODY_BYTES = ENVIRONMENT.most_body_mib * 1024 * 1024
OPENUM_MOST_LINES = ENVIRONMENT.most_lines

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "openum.records.tenants",
    "openum.records.ledger",
    "openum.records.parties",
    "openum.records.documents",
    "openum.records.clocks",
    "openum.payer.intake",
    "openum.payer.reviews",
    "openum.payer.determinations",
    "openum.payer.authorizations",
    "openum.payer.notices",
    "openum.payer.flow",
    "openum.doors.fhir",
    "openum.doors.library",
    "openum.doors.pages",
]
AUTH_USER_MODEL = "records_parties.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "openum.site.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "openum.site.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "openum.site.urls"
WSGI_APPLICATION = "openum.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]


def _database(chosen: environment.Database) -> dict[str, Any]:
    if chosen.vendor == "sqlite":
        os.makedirs(os.path.dirname(chosen.name), exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": chosen.name,
            # IMMEDIATE takes the write lock at BEGIN, where the busy timeout works; a deferred transaction that
            # turns into a writer half-way fails at once with "database is locked".
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA recursive_triggers=ON;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": chosen.name,
        "USER": chosen.user,
        "PASSWORD": chosen.password,
        "HOST": chosen.host,
        "PORT": chosen.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(chosen.options),
    }


DATABASES = {"default": _database(ENVIRONMENT.database)}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # static files are served from the packages: no collecting step before a start
WHITENOISE_AUTOREFRESH = False

# Bodies are read and limited by the doors, which answer with their own refusal; this is the wall behind them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if ENVIRONMENT.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if ENVIRONMENT.production:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Joining the browsers' preload list binds the operator's whole domain for years; that is not ours to choose.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings(level=ENVIRONMENT.log_level, as_json=ENVIRONMENT.log_format == "json")
