"""
A browser that reads each page it opens: one h1, a title, unique ids, every input labelled, every link within the page with a target.
"""

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client

from membership.models import User
from tests.factories.browser import client_of

UNLABELLED = ("hidden", "submit", "button", "image")
# Attributes that name other elements of the page by id, several of them with blanks between.
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-opens-dialog")


class Page:
    """What was answered: status, text, and the parsed page."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.soup = BeautifulSoup(response.content.decode(), "html.parser")
        self.text = " ".join(self.soup.get_text(" ").split())

    @property
    def heading(self) -> str:
        return " ".join(self.soup.h1.get_text().split())

    @property
    def main(self) -> str:
        """The words between header and footer."""
        return " ".join(self.soup.main.get_text(" ").split())

    def link(self, words: str) -> str | None:
        """Return where the link with these words leads, or None if there is none."""
        found = [anchor for anchor in self.soup.main.find_all("a") if words in anchor.get_text()]
        return found[0].get("href") if found else None

    def has_button(self, words: str) -> bool:
        return any(words in button.get_text() for button in self.soup.main.find_all("button"))


class Browser:
    """Opens pages as one person, or as nobody, and checks what every page must hold."""

    def __init__(self, user: User | None = None) -> None:
        self.client = client_of(user) if user else Client()

    def get(self, url: str, *, status: int = 200) -> Page:
        return self._read(self.client.get(url), status)

    def post(self, url: str, data: dict | None = None, *, status: int = 200) -> Page:
        """Send a form and read the page that comes back, after the redirect if there is one."""
        return self._read(self.client.post(url, data or {}, follow=True), status)

    def _read(self, response: HttpResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.status_code} instead of {status}"
        page = Page(response)
        faults = faults_of(page.soup)
        assert not faults, "; ".join(faults)
        return page


def faults_of(soup: BeautifulSoup) -> list[str]:
    """Return what is wrong with a page, in words."""
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    faults = [f"id {one} stands {ids.count(one)} times" for one in sorted(set(ids)) if ids.count(one) > 1]
    if len(soup.find_all("h1")) != 1:
        faults.append(f"{len(soup.find_all('h1'))} h1")
    if soup.title is None or not soup.title.get_text(strip=True):
        faults.append("no title")
    faults += [f"no label: {field}" for field in soup.find_all(["input", "select", "textarea"]) if not _is_labelled(field, soup)]
    faults += [f"{name} names {one}, which is not there" for name, one in _references(soup) if one not in ids]
    return faults


def _is_labelled(field: Tag, soup: BeautifulSoup) -> bool:
    if field.get("type") in UNLABELLED or field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label"):
        return True
    return field.get("id") is not None and soup.find("label", attrs={"for": field["id"]}) is not None


def _references(soup: BeautifulSoup) -> list[tuple[str, str]]:
    named = [(name, one) for name in REFERENCES for tag in soup.find_all(attrs={name: True}) for one in tag[name].split()]
    anchors = [("href", link["href"][1:]) for link in soup.find_all("a", href=True) if link["href"].startswith("#") and link["href"] != "#"]
    return [*named, *anchors]
