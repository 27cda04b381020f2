"""Where settings come from: production names what is missing, development makes its own keys once (OPS-1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "a-secret-of-fifty-characters-and-more-0123456789-xyz",
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "CERTIFICATE_KEYS": "P:dGVzdC1vbmx5LXNlZWQtMzItYnl0ZXMtZm9yLXRlc3Q=",
    "SITE_URL": "https://member.example.org",
    "DATABASE_URL": "postgres://caca@db/caca",
    "REDIS_URL": "redis://cache/0",
    "ALLOWED_HOSTS": "member.example.org",
    "SMS_BACKEND": "membership.outbox.sms.console.ConsoleBackend",
}


def start(code: str, settings: str, **environment: str) -> subprocess.CompletedProcess:
    """Run Python with Django set up under these settings and this environment alone."""
    program = f"import sys; sys.path[:0] = ['.', 'site']\nimport django\ndjango.setup()\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"caca.settings.{settings}", **environment},
        capture_output=True,
        text=True,
    )


class TestProduction:  # OPS-1
    @pytest.mark.parametrize("name", COMPLETE)
    def test_a_missing_variable_stops_the_start_with_its_name(self, name):
        # Empty rather than absent: a developer's own .env must not fill the hole.
        started = start("", "production", **{**COMPLETE, name: ""})

        assert started.returncode != 0
        assert f"Set the environment variable {name}." in started.stderr

    def test_starts_with_everything_set_and_is_safe_by_default(self):
        names = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, hasattr(s, 'SMS_SHOW_CODES')"
        code = f"from django.conf import settings as s; print({names})"

        started = start(code, "production", **COMPLETE)

        assert started.stdout.split() == ["False", "True", "True", "False"], started.stderr


class TestTheNameOfThePlace:  # UI-9
    """What the coloured bar and the admin say; a staging site runs as production does, and names itself."""

    @pytest.mark.parametrize(
        ("settings", "environment", "name"),
        [
            ("production", COMPLETE, ""),
            ("production", {**COMPLETE, "ENVIRONMENT_NAME": "测试环境"}, "测试环境"),
            ("development", COMPLETE, "开发环境"),
        ],
        ids=["production", "staging", "development"],
    )
    def test_production_alone_has_none(self, settings, environment, name):
        code = "from django.conf import settings as s; print(s.ENVIRONMENT_NAME.encode().hex())"

        started = start(code, settings, **environment)

        assert bytes.fromhex(started.stdout.strip()).decode() == name, started.stderr


class TestDevelopmentKeys:
    def test_keys_are_written_once_and_never_overwritten(self, tmp_path, monkeypatch):
        monkeypatch.syspath_prepend(str(ROOT / "site"))
        from caca.settings import secrets

        monkeypatch.setattr(secrets, "ENV_FILE", tmp_path / ".env")

        secrets.write_once()
        first = (tmp_path / ".env").read_text()
        secrets.write_once()

        assert (tmp_path / ".env").read_text() == first
        assert {line.partition("=")[0] for line in first.splitlines()} == {"SECRET_KEY", "FIELD_KEYS", "CERTIFICATE_KEYS"}
        assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
