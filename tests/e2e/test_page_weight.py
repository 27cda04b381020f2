"""
What a first visit has to fetch before it can be read, and from whom (product.md, Design: nothing from another host).

Compressed as nginx or WhiteNoise send it; pictures apart. The serif of the titles comes later: ``font-display: swap`` shows a title in
the device's own serif until then, so no text waits for it.
"""

import gzip
import re
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import ROOT

MOST = 150 * 1024
NEEDED = ("document", "stylesheet", "script")
PAGES = {"/": None, "/guide/": None, "/guide/web-enrolment/": None, "/news/": None, "/accounts/login/": None, "/member/": "18800000002"}


def visit(page, address: str) -> list:
    """Open a page and return every answer that it fetched."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return answers


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_light_and_asks_nobody_else(address, open_page, server):
    page = open_page("phone", PAGES[address])

    answers = visit(page, address)

    hosts = {urlsplit(answer.url).netloc for answer in answers if not answer.url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(server).netloc}
    needed = [answer for answer in answers if answer.request.resource_type in NEEDED and answer.status == 200]
    weights = {answer.url: len(gzip.compress(answer.body(), 6)) for answer in needed}
    assert len(weights) > 20
    assert sum(weights.values()) <= MOST, sorted(weights.items(), key=lambda one: -one[1])[:8]


def test_no_text_waits_for_a_font():
    faces = (ROOT / "static/fonts/noto-serif-sc/noto-serif-sc.css").read_text()

    assert len(re.findall(r"@font-face", faces)) == len(re.findall(r"font-display:\s*swap", faces)) > 0
