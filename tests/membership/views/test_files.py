"""Private files over HTTP: who gets them, with which headers, and what is written down."""

import pytest

from membership.domain import attachments
from membership.enums import AttachmentKind
from membership.models import Attachment, AuditEntry, Member
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, association_reviewer, institution_reviewer
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(clock):
    return stories.deciding(at=clock)


@pytest.fixture
def portrait(case) -> Attachment:
    return case.member.attachments.get(kind=AttachmentKind.PORTRAIT)


def fetch(user, attachment: Attachment):
    return client_of(user).get(f"/files/{attachment.pk}/")


class TestPrivateFile:  # OPS-2, S-1, S-2
    def test_the_owner_gets_the_bytes_as_they_were_stored(self, case, portrait):
        response = fetch(case.member.user, portrait)

        assert b"".join(response.streaming_content) == portrait.file.read()
        assert response["Content-Type"] == "image/jpeg"

    def test_nothing_keeps_or_guesses_at_it(self, case, portrait):
        response = fetch(case.member.user, portrait)

        assert {"private", "no-store"} == {part.strip() for part in response["Cache-Control"].split(",")}
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("inline")

    def test_to_a_stranger_it_does_not_exist(self, portrait):
        Browser(UserFactory()).get(f"/files/{portrait.pk}/", status=404)

    def test_who_is_not_logged_in_is_led_to_the_login(self, portrait):
        assert Browser().client.get(f"/files/{portrait.pk}/")["Location"].startswith("/accounts/login/")

    def test_an_institution_gets_the_portrait_and_never_the_stamped_form(self, case, portrait):
        reviewer = institution_reviewer(case.rows.get().institution)
        stamped = case.member.attachments.get(kind=AttachmentKind.STAMPED_PAGE)

        assert (fetch(reviewer, portrait).status_code, fetch(reviewer, stamped).status_code) == (200, 404)

    @pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
    def test_a_number_that_is_no_file_is_not_found(self, pk, db):
        Browser(UserFactory()).get(f"/files/{pk}/", status=404)

    def test_a_file_lost_from_the_store_is_not_found(self, case, portrait):
        portrait.file.storage.delete(portrait.file.name)

        assert fetch(case.member.user, portrait).status_code == 404

    def test_it_is_read_and_never_written(self, case, portrait):
        assert client_of(case.member.user).post(f"/files/{portrait.pk}/").status_code == 405


class TestAudit:  # S-8
    def test_a_look_at_anothers_file_is_written_down(self, case, portrait):
        reviewer = association_reviewer()

        fetch(reviewer, portrait)

        entry = AuditEntry.objects.get(action="file.view")
        assert (entry.actor, entry.about, entry.target_id, entry.details) == (reviewer, case.member, portrait.pk, {"kind": "portrait"})

    def test_ones_own_is_nobodys_business(self, case, portrait):
        fetch(case.member.user, portrait)

        assert not AuditEntry.objects.filter(action="file.view").exists()

    def test_a_refused_look_leaves_no_view(self, portrait):
        fetch(UserFactory(), portrait)

        assert not AuditEntry.objects.filter(action="file.view").exists()


class TestNames:  # field case 24
    def stored(self, name: str, at) -> Attachment:
        member = Member.objects.create(user=UserFactory())
        return attachments.store(attachments.NewFile(AttachmentKind.PORTRAIT, b"abc", "image/jpeg", name), member=member, by=None, at=at)

    def disposition(self, name: str, at) -> str:
        attachment = self.stored(name, at)
        return fetch(attachment.member.user, attachment)["Content-Disposition"]

    def test_chinese_is_kept_after_rfc_5987(self, clock):
        assert self.disposition("申请表（盖章）①.jpg", clock) == (
            "inline; filename*=utf-8''%E7%94%B3%E8%AF%B7%E8%A1%A8%EF%BC%88%E7%9B%96%E7%AB%A0%EF%BC%89%E2%91%A0.jpg"
        )

    @pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1.jpg", "../../etc/passwd.jpg", "..\\..\\a.jpg"])
    def test_no_name_splits_the_header_or_leaves_its_folder(self, name, clock):
        disposition = self.disposition(name, clock)

        assert "\n" not in disposition
        assert "/" not in disposition.partition("filename")[2]
        assert "\\" not in disposition

    def test_without_a_name_it_is_called_what_it_is(self, clock):
        assert "%E4%B8%AA%E4%BA%BA%E5%AF%B8%E7%85%A7.jpg" in self.disposition("", clock)


class TestBehindNginx:  # OPS-2
    @pytest.fixture(autouse=True)
    def location(self, settings):
        settings.PRIVATE_ACCEL_PREFIX = "/private-files/"

    def test_nginx_is_told_which_file_to_send(self, case, portrait):
        response = fetch(case.member.user, portrait)

        assert response["X-Accel-Redirect"] == f"/private-files/{portrait.file.name}"
        assert response["Content-Type"] == "image/jpeg"
        assert response.content == b""

    def test_to_a_stranger_it_does_not_exist_either(self, portrait):
        assert fetch(UserFactory(), portrait).status_code == 404
