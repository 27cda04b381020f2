"""Several app servers behind nginx. Every value comes from the environment; a missing one stops the start with its name."""

from django.core.exceptions import ImproperlyConfigured

from caca.settings.base import *  # noqa: F403
from caca.settings.base import env

for _name in ("SECRET_KEY", "FIELD_KEYS", "CERTIFICATE_KEYS", "SITE_URL", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SMS_BACKEND"):
    if not env.str(_name, default=""):
        raise ImproperlyConfigured(f"Set the environment variable {_name}.")

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=3600)
CSRF_TRUSTED_ORIGINS = [env.str("SITE_URL")]
INSTALLED_APPS += ["django_tasks_db"]  # noqa: F405
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
