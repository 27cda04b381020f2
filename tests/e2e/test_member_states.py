"""
会员中心 in every state a person can be in, at phone and desktop size, in the light and in the dark (UI-2, UI-7).

axe reads each. Pictures are left in build/screens/member-<state>-<size>.png.
"""

import os
import subprocess
import sys

import pytest

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import DATABASES, ROOT, environment_of, shoot

# What the page says first in each state, in the words of the rules; and the one thing to do, where there is one.
EXPECTED = {
    "empty": ("申请会员，从填写申请表开始", "申请会员"),
    "draft": ("继续填写", "继续填写"),
    "your-turn": ("盖章", "打印/下载申请表格"),
    "endorsing": ("推荐", None),
    "declined": ("推荐", None),
    "waiting": ("协会", None),
    "rejected": ("审批不通过", None),
    "deciding": ("申请中", None),
    "row-refused": ("审批不通过", "下载会员证书"),
    "approved": ("审批通过", "下载会员证书"),
    "grace": ("待续会", None),
    "lapsed": ("已过期", None),
    "frozen": ("已冻结", None),
    "left": ("已退会", "申请会员"),
    "expelled": ("会员资格已撤销", None),
}


@pytest.fixture(scope="module")
def phones(server) -> dict[str, str]:
    """One account in each state, made in the site's own database."""
    environment = environment_of(DATABASES[server].parent, server) | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.member_states"], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return dict(line.split() for line in made.stdout.splitlines() if line.split()[:1] and line.split()[0] in EXPECTED)


def test_every_state_is_made(phones):
    assert list(phones) == list(EXPECTED)


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("state", EXPECTED)
def test_a_person_reads_how_it_stands_and_what_to_do(state, size, open_page, phones):  # UI-2
    page = open_page(size, phones[state])
    said, button = EXPECTED[state]

    page.goto("/member/")

    main = page.locator("main")
    assert said in main.inner_text()
    if button:
        assert main.get_by_role("link", name=button, exact=True).first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    shoot(page, f"member-{state}-{size}")
    assert_accessible(page)
    # The same page at night.
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert_accessible(page)
