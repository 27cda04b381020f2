"""While the site is read only: what is refused and how, what goes on, and that nothing is written (UI-9)."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from membership.accounts import roles
from membership.models import Message, ReadOnlyMode, read_only
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, staff

pytestmark = pytest.mark.django_db

SWITCH = "/admin/settings/membership/readonlymode/1/"
# What a login, a session and a look at papers leave behind; nothing of it is a record of the society.
WRITTEN_STILL = ("django_session", "usersessions_usersession", "membership_auditentry", "membership_user", "account_", "captcha_")
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def maintenance(clock) -> ReadOnlyMode:
    """On now, for two hours as far as anybody knows."""
    return switch_on(ends_at=clock + timedelta(hours=2))


def switch_on(**fields) -> ReadOnlyMode:
    mode = read_only.current()
    for name, value in {"is_on": True, **fields}.items():
        setattr(mode, name, value)
    mode.save()
    return mode


def written(queries: CaptureQueriesContext) -> list[str]:
    """Return the statements that change a record of the society."""
    changing = [query["sql"] for query in queries.captured_queries if query["sql"].startswith(WRITES)]
    return [sql for sql in changing if not any(f'"{table}' in sql for table in WRITTEN_STILL)]


class TestWhatIsRefused:  # UI-9
    @pytest.mark.parametrize(
        "path",
        [
            "/member/apply/", "/member/apply/check/", "/member/messages/", "/member/certificate/download/", "/accounts/signup/",
            "/accounts/password/reset/", "/accounts/password/change/", "/accounts/phone/change/", "/accounts/login/identity/not-mine/",
            "/accounts/devices/all/end/",
        ],
    )  # fmt: skip
    def test_a_member_submits_nothing(self, path, maintenance):
        answer = client_of(UserFactory()).post(path)

        assert answer.status_code == 503
        assert "正在维护，暂时不能提交" in answer.text
        assert "已保存的资料没有丢" in answer.text

    @pytest.mark.parametrize(
        ("role", "path"),
        [
            ("association_reviewer", "/admin/review/enrolments/1/decide/"),
            ("institution_reviewer", "/admin/review/rows/1/decide/"),
            ("administrator", "/admin/snippets/membership/institution/add/"),
            ("administrator", "/admin/settings/guide_pages/sitesettings/1/"),
            ("editor", "/admin/images/add/"),
            ("support", "/admin/snippets/membership/workunit/add/"),
        ],
    )
    def test_the_staff_change_nothing(self, role, path, maintenance):
        roles.ensure_groups()

        assert client_of(staff(role)).post(path).status_code == 503

    def test_the_page_says_when_to_come_back(self, maintenance):
        answer = client_of(UserFactory()).post("/member/apply/")

        assert answer.headers["Retry-After"] == "7201"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "预计 3月17日 12:00 恢复。已保存的资料没有丢。" in answer.text

    @pytest.mark.parametrize(
        "headers", [{"accept": "application/json"}, {"x-requested-with": "XMLHttpRequest"}, {"hx-request": "true"}], ids=str
    )
    def test_a_script_reads_json(self, headers, maintenance):
        answer = client_of(UserFactory()).post("/member/apply/", headers=headers)

        assert answer.status_code == 503
        assert answer.json() == {
            "error": "正在维护，暂时不能提交。预计 3月17日 12:00 恢复。已保存的资料没有丢。", "retry_after": 7201,
        }  # fmt: skip

    def test_a_form_that_waits_for_a_confirmation_waits_on(self, maintenance):
        """It would be submitted together with the confirmation, past everything else."""
        browser = client_of(staff("administrator"))
        session = browser.session
        session[STATE_SESSION_KEY] = {"request": {}}
        session.save()

        assert browser.post("/accounts/reauthenticate/").status_code == 503
        assert STATE_SESSION_KEY in browser.session

    @pytest.mark.parametrize(("seconds", "status"), [(1, 302), (0, 503)])
    def test_before_its_start_everything_goes_on(self, seconds, status, clock):
        switch_on(starts_at=clock + timedelta(seconds=seconds))

        assert client_of(UserFactory()).post("/member/messages/").status_code == status

    def test_an_operator_closes_it_too(self, settings, clock):
        settings.READ_ONLY = True

        answer = client_of(UserFactory()).post("/member/apply/")

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")


class TestWhatGoesOn:  # UI-9
    def test_people_log_in_and_out(self, maintenance):
        member = UserFactory()
        browser = Client()

        answer = browser.post("/accounts/login/", {"login": str(member.phone), "password": "Demo-2026"})

        assert (answer.status_code, answer.url) == (302, "/member/")
        assert browser.get("/member/").status_code == 200
        assert browser.post("/accounts/logout/").status_code == 302
        assert browser.get("/member/").status_code == 302

    def test_a_certificate_is_verified_with_a_name(self, maintenance):
        assert Client().post("/verify/M1650000001A/", {"name": "沈知远"}).status_code == 200

    def test_the_administrator_switches_it_off(self, maintenance):
        roles.ensure_groups()
        browser = client_of(staff("administrator"))

        answer = browser.post(SWITCH, {"text": ""})

        assert answer.status_code == 302
        assert not read_only.current().is_on
        assert browser.post("/admin/snippets/membership/workunit/add/").status_code == 200

    def test_reading_goes_on_and_writes_nothing(self, at, clock):
        application = stories.approved(at=at)
        member = application.member.user
        browser = client_of(member)
        paths = [
            "/", "/member/", "/member/todo/", "/member/messages/", "/member/apply/", "/accounts/", "/accounts/login/",
            reverse("member_application", args=[application.pk]),
        ]  # fmt: skip
        [browser.get(path) for path in paths]  # what is made at the first look is there
        switch_on()

        with CaptureQueriesContext(connection) as queries:
            statuses = {path: browser.get(path).status_code for path in paths}

        assert {path: status for path, status in statuses.items() if status not in (200, 302)} == {}
        assert written(queries) == []

    def test_a_message_leads_to_what_it_is_about_and_stays_unread(self, at):
        person = stories.approved(at=at).member.user
        message = Message.objects.filter(user=person).latest("pk")
        switch_on()

        opened = client_of(person).post(reverse("member_message_open", args=[message.pk]))
        set_read = client_of(person).post(reverse("member_message_open", args=[message.pk]), {"act": "stay"})

        assert (opened.status_code, opened.url) == (302, message.link)
        assert set_read.status_code == 503
        assert Message.objects.get(pk=message.pk).read_at is None

    def test_the_sweep_does_nothing_and_says_so(self, maintenance, at):
        out = StringIO()

        with CaptureQueriesContext(connection) as queries:
            call_command("sweep", stdout=out)

        assert out.getvalue().startswith("The site is read only: nothing was done.")
        assert written(queries) == []


class TestTheNotice:  # UI-9
    PAGES = ("/verify/", "/accounts/login/", "/member/")

    @pytest.mark.parametrize("path", PAGES)
    def test_public_door_and_member_pages_announce_it(self, path, clock):
        switch_on(starts_at=clock + timedelta(hours=8), ends_at=clock + timedelta(hours=9))
        visitor = client_of(UserFactory()) if path == "/member/" else Client()

        assert "3月17日 18:00 至 19:00 网站维护，期间可以查看，不能提交。" in visitor.get(path).text

    @pytest.mark.parametrize("path", PAGES)
    def test_nothing_is_said_without_one(self, path):
        visitor = client_of(UserFactory()) if path == "/member/" else Client()

        assert "维护公告" not in visitor.get(path).text
