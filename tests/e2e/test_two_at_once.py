"""Two reviewers in the same second, on the database that `make run` uses (REV-5); PostgreSQL has its races in domain/test_races.py."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener

from playwright.sync_api import Page

from tests.e2e.conftest import DATABASES

ASSOCIATION, SUPPORT = "18800000005", "18800000008"


def test_of_two_who_decide_in_the_same_second_one_counts_and_the_other_is_told(open_page, server):
    make_reviewer(server, SUPPORT)
    first, second = open_page("desktop", ASSOCIATION), open_page("desktop", SUPPORT)
    first.goto("/admin/review/enrolments/")
    addresses = [link.get_attribute("href") for link in first.locator("[data-queue] tbody th a").all()]
    assert addresses
    for address in addresses:
        sent = [decision_on(page, address) for page in (first, second)]
        start = Barrier(len(sent))

        def send(request, start=start) -> tuple[int, str]:
            start.wait()
            return answer_to(request)

        with ThreadPoolExecutor(len(sent)) as pool:
            answers = list(pool.map(send, sent))

        assert sorted(status for status, _ in answers) == [200, 302], answers
        assert re.search(r"已于 [0-9: -]+ 作出决定：审批不通过。您的操作没有生效。", dict(answers)[200])
        application = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        with closing(sqlite3.connect(DATABASES[server])) as database:
            found = database.execute("SELECT count(*) FROM membership_decision WHERE application_id = ?", [application])
            assert found.fetchone() == (1,)


def make_reviewer(server: str, phone: str) -> None:
    """Give a demo account the association's role too."""
    role = (
        "INSERT INTO membership_user_groups (user_id, group_id) SELECT membership_user.id, auth_group.id FROM membership_user, auth_group"
        " WHERE phone = ? AND name = 'association_reviewer'"
    )
    with closing(sqlite3.connect(DATABASES[server])) as database, database:
        database.execute(role, [f"+86{phone}"])


def decision_on(page: Page, address: str) -> Request:
    """Return the refusal that this page would send."""
    page.goto(address)
    form = page.locator("form[data-decide]")
    fields = {one: form.locator(f"input[name={one}]").input_value() for one in ("csrfmiddlewaretoken", "dossier", "round")}
    data = urlencode({**fields, "verdict": "refused", "reason": "盖章不清晰"}).encode()
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    url = urljoin(page.url, form.get_attribute("action"))
    return Request(url, data, {"Cookie": cookies, "Referer": page.url, "Accept": "text/html"})


def answer_to(request: Request) -> tuple[int, str]:
    """Send a request as it is, without following where it leads."""
    try:
        with build_opener(NoRedirect).open(request, timeout=60) as response:
            return response.status, response.read().decode()
    except HTTPError as answer:
        return answer.code, answer.read().decode()


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs) -> None:
        return None
