"""审核档案: what a reader takes along is what their screen shows, marked with who they are, and written down."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from membership import identity
from membership.domain import endorsements
from membership.enums import Basis
from membership.models import AuditEntry
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.documents.reading import by_pypdf, joined
from tests.membership.review.pages import url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


def file_of(reviewer, case):
    response = client_of(reviewer).get(url_of(case, "file"))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return response


class TestTheAssociations:  # REV-12
    def test_data_papers_endorsement_and_rounds(self, at, lung):
        application = stories.endorsing(at=at, basis=[Basis.STAMP], institutions=[lung], remarks="已退休返聘")
        asked = application.endorsements.get()
        endorsements.decline(endorsement=asked, person=asked.seat.member.user, reason_public="不了解", reason_internal="曾有纠纷", at=at)
        stories.approve_file(application, at=at)

        text = by_pypdf(file_of(association_reviewer(), application).content)

        number = application.proposed_dossier.document_number
        for said in (
            "沈砚秋",
            "1984-09-30",
            "已退休返聘",
            "不了解",
            "曾有纠纷",
            "肺癌专业委员会",
            "盖章申请表",
            "资质证书首页",
            "协会会员部",
        ):
            assert said in text
        assert identity.mask(number) in text and number not in text

    def test_the_readers_name_and_the_time_are_on_every_page(self, at):
        pdf = file_of(association_reviewer("唐老师"), stories.checking(at=at)).content

        for page in PdfReader(BytesIO(pdf)).pages:
            assert joined("唐老师 中国抗癌协会会员部 2026-03-17 10:00") in joined(page.extract_text())

    def test_it_is_saved_under_a_name_and_kept_by_nobody_between(self, at):
        response = file_of(association_reviewer(), stories.checking(at=at))

        assert "attachment" in response.headers["Content-Disposition"] and "2026-" in response.headers["Content-Disposition"]
        assert "no-store" in response.headers["Cache-Control"]

    def test_notes_of_colleagues_stay_on_the_screen(self, at):
        reviewer, file = association_reviewer(), stories.checking(at=at)
        client_of(reviewer).post(url_of(file, "note"), {"text": "家里有事"})

        assert "家里有事" not in by_pypdf(file_of(reviewer, file).content)


class TestAnInstitutions:  # S-1, S-2, S-4
    @pytest.fixture
    def row(self, at, lung):
        liver = InstitutionFactory(committee=True, name="肝癌专业委员会")
        application = stories.deciding(at=at, institutions=[lung, liver], postcode="300060", remarks="请尽快", social_posts="政协委员")
        stories.refuse_row(application.rows.get(institution=liver), at=at, reason="不符合要求")
        return application.rows.get(institution=lung)

    def test_nothing_that_identifies_or_reaches_the_person_nor_of_others(self, row, lung):
        text = by_pypdf(file_of(institution_reviewer(lung), row).content)

        dossier = row.application.proposed_dossier
        hidden = (
            dossier.document_number, identity.mask(dossier.document_number), dossier.phone[3:], "shen@example.org", "临江路", "1984-09-30",
            "汉族", "300060", "请尽快", "政协委员", "2011010001", "肝癌", "不符合要求", "盖章申请表",
        )  # fmt: skip
        assert [said for said in hidden if said in text] == []
        assert "胸部肿瘤科" in text and "盖章已由协会核验" in text and "资质证书首页" in text

    def test_the_mark_names_the_institution(self, row, lung):
        assert f"王老师{joined(lung.full_name)}" in by_pypdf(file_of(institution_reviewer(lung), row).content)

    def test_it_is_written_down_in_its_scope_before_it_leaves(self, row, lung):  # S-8
        reviewer = institution_reviewer(lung)

        file_of(reviewer, row)

        entry = AuditEntry.objects.get(action="case.file")
        assert (entry.actor, entry.institution, entry.about) == (reviewer, lung, row.member)
