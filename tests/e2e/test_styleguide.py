"""The living styleguide, read by axe in both themes at phone and desktop size (UI-7). Pictures are left in build/screens/."""

import pytest

from tests.e2e.accessibility import assert_accessible
from tests.e2e.conftest import LOOKS, SCREENS, TAKES_PICTURES


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_component_is_readable(size, theme, open_page):
    page = open_page(size, color_scheme=theme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto("/styleguide/")

    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.wait_for_load_state("networkidle")
    # Part by part: the whole is taller than Chromium draws at once.
    for part in page.locator("section.part[id]").all() if TAKES_PICTURES else ():
        SCREENS.mkdir(parents=True, exist_ok=True)
        part.screenshot(path=SCREENS / f"styleguide-{part.get_attribute('id')}-{size}-{theme}.png")
    assert_accessible(page)
    assert complaints == []


def test_a_dialog_asks_and_steps_back(open_page):
    page = open_page("phone")
    page.goto("/styleguide/")
    page.wait_for_load_state("networkidle")

    page.get_by_role("button", name="打开", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="申请撤销").wait_for()
    assert_accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="保留申请").click()

    page.get_by_role("dialog").wait_for(state="hidden")
