"""
What a first visit has to fetch, pictures apart, and from whom (product.md, Design: nothing from another host).

Weighed as production sends it: what `collectstatic` compresses by Brotli, typefaces as they are, pages by gzip as nginx does.
"""

import gzip
import re
import shutil
from urllib.parse import unquote, urlsplit

import pytest
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from tests.e2e.conftest import ROOT

STATIC = ROOT / "static"
MOST = 150 * 1024
PICTURES = ("image", "media")
MEMBER, APPLICANT = "18800000002", "18800000010"
PAGES = {
    "/": None,
    "/guide/": None,
    "/guide/web-enrolment/": None,
    "/news/": None,
    "/news/stamped-form/": None,
    "/search/": None,
    "/search/?q=证书": None,
    "/accounts/login/": None,
    "/accounts/signup/": None,
    "/verify/": None,
    "/verify/M1650000002P/": None,
    "/member/": MEMBER,
    "/member/messages/": MEMBER,
    "/member/apply/": APPLICANT,
}
# One of each kind of slice: common, less common, traditional, rare, of Extension A, beyond the basic plane, Latin with a mark, kana.
OF_EVERY_KIND = "龙璐陳祎䶮𬭊éか"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> dict[str, int]:
    """How many bytes production sends for each of our static files."""
    folder = tmp_path_factory.mktemp("collected") / "static"
    shutil.copytree(STATIC, folder)
    names = [path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()]
    storage = CompressedManifestStaticFilesStorage(location=folder, base_url="/static/")
    for _, _, outcome in storage.post_process({name: (FileSystemStorage(STATIC), name) for name in names}):
        assert not isinstance(outcome, Exception), outcome
    return {name: smallest(folder / storage.hashed_files[name]) for name in names}


def smallest(path) -> int:
    compressed = path.with_name(f"{path.name}.br")
    return (compressed if compressed.exists() else path).stat().st_size


def visit(page, address: str) -> list:
    """Open a page and return every answer that it fetched."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return answers


def weight_of(answer, shipped: dict[str, int]) -> int:
    path = unquote(urlsplit(answer.url).path)
    return shipped[path.removeprefix("/static/")] if path.startswith("/static/") else len(gzip.compress(answer.body(), 6))


@pytest.mark.parametrize("address", PAGES)
def test_a_first_visit_is_light_and_asks_nobody_else(address, open_page, server, shipped):
    phone = PAGES[address]
    # A browser of its own: the one that logged in has the files already.
    known = open_page("phone", phone).context.storage_state() if phone else None
    page = open_page("phone", storage_state=known)

    answers = visit(page, address)

    hosts = {urlsplit(answer.url).netloc for answer in answers if not answer.url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(server).netloc}
    assert urlsplit(page.url).path == urlsplit(address).path
    needed = [answer for answer in answers if answer.request.resource_type not in PICTURES and answer.status == 200]
    assert {answer.request.resource_type for answer in needed} >= {"document", "stylesheet", "script", "font"}
    weights = {answer.url: weight_of(answer, shipped) for answer in needed}
    assert len(weights) > 20
    assert sum(weights.values()) <= MOST, sorted(weights.items(), key=lambda one: -one[1])[:20]


def test_no_text_waits_for_a_font():
    faces = (ROOT / "static/fonts/noto-serif-sc/noto-serif-sc.css").read_text()

    assert len(re.findall(r"@font-face", faces)) == len(re.findall(r"font-display:\s*swap", faces)) > 0


def test_whatever_character_a_title_holds_the_web_font_draws_it(open_page):
    page = open_page("phone")
    page.goto("/news/")

    assert [character for character in OF_EVERY_KIND if not is_drawn_by_the_web_font(page, character)] == []


def is_drawn_by_the_web_font(page, character: str) -> bool:
    """Put a character into the title and tell whether the web font draws it, once its slices have come, one after the other."""
    page.evaluate("character => { document.querySelector('h1').textContent = character }", character)
    for _ in range(50):
        if all(font["isCustomFont"] for font in fonts_of(page, "h1")):
            return True
        page.wait_for_timeout(100)
    return False


def fonts_of(page, selector: str) -> list[dict]:
    """Return what Chromium says of the fonts that draw an element's text."""
    browser = page.context.new_cdp_session(page)
    browser.send("DOM.enable")
    browser.send("CSS.enable")
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    node = browser.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = browser.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    browser.detach()
    return fonts
