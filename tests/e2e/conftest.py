"""
A server of its own with the demo accounts, and Debian's Chromium at phone and desktop size.

The site runs as `make run` runs it, but for how static files are read (tests/e2e/settings.py): SQLite, another process. Nothing is reached
but 127.0.0.1.
"""

import fcntl
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.databases import SqliteTemplate

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "build" / "screens"
# Pictures are taken by `make screenshots` alone, and then of every size in every theme: they cost as much as the tests themselves.
TAKES_PICTURES = "SCREENS" in os.environ
# The headless build alone draws no browser window, which costs more than the pages themselves.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
PASSWORD = "Demo-2026"
SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
KEYS = {
    "SECRET_KEY": "browser-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "CERTIFICATE_KEYS": "T:dGVzdC1vbmx5LXNlZWQtMzItYnl0ZXMtZm9yLXRlc3Q=",
}
MANAGE = [sys.executable, str(ROOT / "manage.py")]
LOOKS = [("phone", "light"), ("desktop", "dark"), *([("phone", "dark"), ("desktop", "light")] if TAKES_PICTURES else [])]
# Where each site that runs keeps its data, by its address.
DATABASES: dict[str, Path] = {}


if CHROMIUM is None and "CI" not in os.environ:
    # A developer without Chromium still runs all else; the run says that these files were left out.
    collect_ignore_glob = ["test_*.py"]


def pytest_report_header():
    return None if CHROMIUM else "no Chromium on this machine: the browser tests are left out"


def pytest_collection_modifyitems(items):
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """
    The data of a site with the demo accounts, made once for all workers; each site that runs has a copy. Where other tests ran before,
    it begins with their migrated tables.
    """
    everybodys = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        everybodys = everybodys.parent
    folder, made = everybodys / "prepared", everybodys / "prepared.made"
    with (everybodys / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            template = SqliteTemplate()
            if template.exists():
                folder.mkdir()
                shutil.copy(template.file, folder / "db.sqlite3")
            manage("prepare_development", environment_of(folder, "http://127.0.0.1:8000"))
            made.touch()
    return folder


@pytest.fixture(scope="module")
def server(prepared, tmp_path_factory) -> Iterator[str]:
    """Start a site for one file of tests, so that none finds what another left behind, and return its address."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(prepared, folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    DATABASES[address] = folder / "db.sqlite3"
    environment = environment_of(folder, address)
    move_to(port, folder)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*MANAGE, "runserver", f"127.0.0.1:{port}", "--noreload"], env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def move_to(port: int, folder: Path) -> None:
    """Let a copy of the site know its address, which is all that `make run` would change of it; a command takes seconds to start."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute("UPDATE wagtailcore_site SET hostname = '127.0.0.1', port = ?", [port])


def environment_of(folder: Path, address: str) -> dict[str, str]:
    """Return the environment of a site that keeps its data in ``folder``."""
    return {
        **os.environ,
        **KEYS,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "VAR_DIR": str(folder),
        "SITE_URL": address,
        "REDIS_URL": "",
    }


def manage(command: str, environment: dict[str, str]) -> None:
    subprocess.run([*MANAGE, command], env=environment, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def wait_for(address: str, process: subprocess.Popen) -> None:
    for _ in range(120):
        if process.poll() is not None:
            raise RuntimeError("The site stopped while starting.")
        try:
            urllib.request.urlopen(f"{address}/accounts/login/", timeout=5)
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("The site did not answer.")


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Chromium, for one file: as long as it is open, its event loop keeps tests of the same worker off the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, server):
    """Return a function that opens a page as a person of their own: size phone or desktop, a phone number to log in with."""
    contexts = []

    def opened(size: str = "desktop", phone: str | None = None, **options) -> Page:
        # A page that still glides to its place is clicked beside the button.
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport=SIZES[size], base_url=server, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        if phone:
            let_in(context, phone)
        return page

    yield opened
    for context in contexts:
        context.close()


def let_in(context: BrowserContext, phone: str, password: str = PASSWORD) -> None:
    """Log a browser in without drawing a page: what is tried is what comes after."""
    form = context.request.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text())[1]
    fields = {"login": phone, "password": password, "csrfmiddlewaretoken": token}
    answer = context.request.post("/accounts/login/", form=fields, headers={"Referer": form.url}, max_redirects=0)
    assert answer.status == 302, phone


def log_in(page: Page, phone: str, password: str = PASSWORD) -> None:
    """Log in on the page, as people do."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").first.fill(phone)
    page.locator("input[name=password]").first.fill(password)
    page.get_by_role("button", name="登录", exact=True).first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in build/screens/, when pictures are taken."""
    page.wait_for_load_state("networkidle")
    if TAKES_PICTURES:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
