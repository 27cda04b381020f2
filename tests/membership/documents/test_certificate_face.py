"""What the certificate prints, from a member's approved dossier."""

import pytest
from django.test import override_settings

from membership import link_signing
from membership.documents import certificate, qr
from membership.documents.certificate_face import face_of, link_of
from membership.domain import certificates
from membership.enums import MemberType, Sex
from tests.factories import enrolment as stories
from tests.factories.reference import InstitutionFactory
from tests.membership.documents.reading import by_pypdf

pytestmark = pytest.mark.django_db


def face(at, **options):
    member = stories.approved(at=at, institutions=[InstitutionFactory(committee=True, name="肺癌专业委员会")], **options).member
    return face_of(certificates.live_edition(member), certificates.lines(member, today=at.date()))


class TestFace:  # CERT-1, CERT-2, N-13, P-4, P-5
    def test_it_says_what_was_approved(self, at):
        shown = face(at, name="沈砚秋", sex=Sex.FEMALE, specialty="胸部肿瘤")

        assert (shown.name, shown.sex, shown.born_on, shown.speciality) == ("沈砚秋", "女", "1984-09-30", "胸部肿瘤")
        assert (shown.member_type_label, shown.title, shown.issuer) == ("专业会员", "副高级,副主任医师", "中国抗癌协会")
        assert shown.affiliations == (("中国抗癌协会肺癌专业委员会", "2026-03-17", "2027-03-17"),)
        assert shown.issued_on == "2026 年 3 月 17 日"

    def test_a_students_leaves_the_title_out(self, at):
        assert face(at, member_type=MemberType.STUDENT).title == ""

    def test_the_photograph_is_cut_for_the_certificate(self, at):
        assert face(at).portrait.startswith(b"\xff\xd8\xff")

    def test_it_can_be_printed_and_read_back(self, at):
        shown = face(at, name="阿卜杜·热合曼")

        certificate.check(shown)
        text = by_pypdf(certificate.render(shown))

        assert "阿卜杜·热合曼" in text
        assert shown.number in text


class TestLink:  # N-3
    @override_settings(SITE_URL="https://members.caca.org.cn/")
    def test_the_code_says_the_signed_link_in_capitals(self):
        link = link_of(link_signing.sign("M1650000001D", 1))

        assert link.startswith("HTTPS://MEMBERS.CACA.ORG.CN/V/M1650000001D.1.T.")
        assert link == link.upper()
        assert len(qr.matrix(link)) == 41  # version 6
