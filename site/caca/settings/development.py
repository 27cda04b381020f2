"""One machine, no services: SQLite, local files, tasks in the process, text messages on the console."""

from caca.settings import secrets

# Before base reads the environment: a fresh checkout gets random keys of its own, once, in a file git ignores.
secrets.write_once()

from caca.settings.base import *  # noqa: F403

DEBUG = True
ENVIRONMENT_NAME = env.str("ENVIRONMENT_NAME", default="开发环境")  # noqa: F405
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# Where codes may be shown on the page, because no telephone is there to receive them (ACC-5).
SMS_SHOW_CODES = True
# Whoever changes a template sees it at once.
PUBLIC_PAGE_CACHE_SECONDS = 0
INTERNAL_IPS = ["127.0.0.1"]
