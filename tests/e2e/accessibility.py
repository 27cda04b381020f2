"""What axe finds on a page: nothing serious may remain (WCAG 2.2 AA)."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")


def assert_accessible(page: Page) -> None:
    """Fail with rule and element of everything serious that axe finds on the page as it stands."""
    found = Axe().run(page).response["violations"]
    serious = [f"{rule['id']}: {node['target']}" for rule in found if rule["impact"] in SERIOUS for node in rule["nodes"]]
    assert serious == [], f"{page.url} {serious}"
