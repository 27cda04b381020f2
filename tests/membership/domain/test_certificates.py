"""Editions of the certificate: issued with the first approval, kept from the first download on, never made again."""

from datetime import timedelta

import pytest

from membership import link_signing
from membership.domain import certificates
from membership.domain.certificates import NoCertificate
from membership.enums import AffiliationEnd, AttachmentKind, EndKind, Standing
from membership.models import Affiliation, AuditEntry, Certificate, Feedback, Freeze, Member, Violation
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(at) -> Member:
    committee = InstitutionFactory(committee=True, name="肺癌专业委员会")
    region = InstitutionFactory(regional=True, name="天津市抗癌协会")
    application = stories.deciding(at=at, institutions=[committee, region])
    first, second = application.rows.order_by("institution__kind")
    stories.approve_row(first, at=at)
    stories.approve_row(second, at=at + timedelta(days=3))
    return Member.objects.get(pk=application.member_id)


@pytest.fixture
def edition(member) -> Certificate:
    return certificates.live_edition(member)


def download(edition: Certificate, at, content: bytes = b"%PDF-first") -> Certificate:
    return certificates.record_first_download(
        certificate=edition,
        content=content,
        printed=certificates.lines(edition.member, today=at.date()),
        person=edition.member.user,
        at=at,
    )


class TestIssue:  # N-1, N-3, N-4, N-14
    def test_two_approvals_make_one_edition(self, member, edition):
        assert member.certificates.count() == 1
        assert (edition.number, edition.edition) == (member.number, 1)

    def test_its_link_is_signed_for_this_edition(self, edition):
        assert link_signing.read(edition.token)[:2] == (edition.number, 1)

    def test_the_next_edition_keeps_the_number_and_supersedes_the_one_before(self, member, edition, at):
        later = certificates.issue(member, dossier=edition.dossier, decision=None, at=at)

        edition.refresh_from_db()
        assert (later.number, later.edition, later.supersedes) == (edition.number, 2, edition)
        assert edition.superseded_at == at
        assert certificates.live_edition(member) == later


class TestLines:  # N-13, M-3
    def test_each_institution_has_its_own_dates(self, member, at):
        today = (at + timedelta(days=3)).date()

        printed = certificates.lines(member, today=today)

        assert [(line.institution, str(line.valid_from), str(line.valid_to)) for line in printed] == [
            ("中国抗癌协会肺癌专业委员会", "2026-03-17", "2027-03-17"),
            ("天津市抗癌协会", "2026-03-20", "2027-03-20"),
        ]

    def test_what_lapsed_or_was_given_up_is_not_printed(self, member, at):
        Affiliation.objects.filter(institution__name="肺癌专业委员会").update(ended_on=at.date(), ended_by=AffiliationEnd.GIVEN_UP)

        assert [line.institution for line in certificates.lines(member, today=at.date())] == ["天津市抗癌协会"]
        assert certificates.lines(member, today=(at + timedelta(days=500)).date()) == ()


class TestDownloadable:  # Table E
    def test_a_member_may_until_grace_is_over(self, member, at):
        last_day_of_grace = (at + timedelta(days=398)).date()

        assert certificates.downloadable(member, today=last_day_of_grace)
        with pytest.raises(NoCertificate):
            certificates.downloadable(member, today=last_day_of_grace + timedelta(days=1))

    def test_the_frozen_may_not(self, member, at):
        staff = association_reviewer()
        violation = Violation.objects.create(member=member, text="核实不符的详细情况", recorded_by=staff, recorded_at=at)
        Freeze.objects.create(member=member, violation=violation, reason="核实", frozen_by=staff, started_at=at)

        with pytest.raises(NoCertificate):
            certificates.downloadable(member, today=at.date())

    def test_who_left_may_not(self, member, at):
        Member.objects.filter(pk=member.pk).update(standing=Standing.ENDED, end_kind=EndKind.WITHDRAWN, ended_on=at.date())

        with pytest.raises(NoCertificate):
            certificates.downloadable(Member.objects.get(pk=member.pk), today=at.date())

    def test_an_applicant_has_none(self, at):
        with pytest.raises(NoCertificate):
            certificates.downloadable(stories.deciding(at=at).member, today=at.date())


class TestFirstDownload:  # N-10, CERT-1
    def test_the_bytes_that_leave_are_kept_with_what_was_printed(self, edition, at):
        later = at + timedelta(days=3)

        kept = download(edition, later)

        assert kept.first_downloaded_at == later
        assert kept.document.file.read() == b"%PDF-first"
        assert (kept.document.kind, kept.document.member) == (AttachmentKind.CERTIFICATE, edition.member)
        assert kept.printed_affiliations[1] == ["天津市抗癌协会", "2026-03-20", "2027-03-20"]

    def test_whoever_comes_later_gets_the_same_bytes_and_the_first_moment_stands(self, edition, at):
        first = download(edition, at)

        again = download(edition, at + timedelta(days=1), content=b"%PDF-second")

        assert again.document == first.document
        assert again.first_downloaded_at == at
        assert again.document.file.read() == b"%PDF-first"

    def test_every_download_is_written_down(self, edition, at):
        download(edition, at)
        download(edition, at)

        assert AuditEntry.objects.filter(action="certificate.download", about=edition.member).count() == 2

    def test_nobody_downloads_anothers(self, edition, at):
        with pytest.raises(NoCertificate):
            certificates.record_first_download(certificate=edition, content=b"%PDF", printed=(), person=UserFactory(), at=at)

    @pytest.mark.parametrize("gone", ["superseded_at", "revoked_at"])
    def test_an_edition_that_is_no_longer_live_is_not_handed_out(self, edition, at, gone):
        Certificate.objects.filter(pk=edition.pk).update(**{gone: at})

        with pytest.raises(NoCertificate):
            download(edition, at)


class TestUnprintable:  # CERT-5, field case 15
    def report(self, edition, at):
        certificates.report_unprintable(
            certificate=edition, reason="字库里没有以下字符", code_points=["U+30EDD"], person=edition.member.user, at=at
        )

    def test_support_is_told_once_per_edition(self, edition, at):
        self.report(edition, at)
        self.report(edition, at + timedelta(hours=1))

        entry = Feedback.objects.get()
        assert (entry.category, edition.number in entry.text) == (certificates.UNPRINTABLE, True)

    def test_the_audit_names_the_code_point_and_no_person(self, edition, at):
        self.report(edition, at)

        details = AuditEntry.objects.get(action="certificate.unprintable").details
        assert details == {"code_points": ["U+30EDD"]}


class TestIssuedOn:
    def test_it_is_shanghais_date(self, edition, at):
        assert certificates.issued_on(edition) == at.date()
