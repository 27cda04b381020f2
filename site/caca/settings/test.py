"""Tests: fixed keys, files below a temporary folder, text messages in memory, no rate limits unless a test asks for them."""

import os
import tempfile
from pathlib import Path

# Known keys, so that printed links and stored hashes are the same on every machine.
os.environ.setdefault("SECRET_KEY", "test-only-not-a-secret-0123456789-abcdefghijklmnop")
os.environ.setdefault("FIELD_KEYS", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
os.environ.setdefault("CERTIFICATE_KEYS", "T:dGVzdC1vbmx5LXNlZWQtMzItYnl0ZXMtZm9yLXRlc3Q=")

from caca.settings.base import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
# Kept as an object: the folder goes when the process ends.
_folder = tempfile.TemporaryDirectory(prefix="caca-tests-")
_files = Path(_folder.name)
MEDIA_ROOT = _files / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": _files / "private", "base_url": None}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SMS_BACKEND = "locmem"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
PUBLIC_PAGE_CACHE_SECONDS = 0
CAPTCHA_BEFORE_CODES = False
STAFF_SECOND_FACTOR_REQUIRED = False
LOGGING_CONFIG = None
