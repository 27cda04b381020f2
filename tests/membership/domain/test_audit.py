"""The record of who did what to whom: complete, append-only, without personal data, outliving what it names."""

import json

import pytest

from membership import tracing
from membership.domain import audit, endorsements, enrolment, review, rows
from membership.models import Application, AuditEntry
from membership.models.audit import AppendOnly
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, UserFactory, association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


def entry(at, **fields):
    member = MemberFactory()
    return audit.log("member.test", member, by=member.user, at=at, about=member, **fields)


class TestAppendOnly:  # S-8, REV-5
    def test_an_entry_is_not_changed(self, at):
        written = entry(at)
        written.action = "something else"

        with pytest.raises(AppendOnly):
            written.save()
        with pytest.raises(AppendOnly):
            AuditEntry.objects.filter(pk=written.pk).update(action="something else")
        with pytest.raises(AppendOnly):
            AuditEntry.objects.bulk_update([written], ["action"])

    def test_an_entry_is_not_deleted(self, at):
        written = entry(at)

        with pytest.raises(AppendOnly):
            written.delete()
        with pytest.raises(AppendOnly):
            AuditEntry.objects.all().delete()

        assert AuditEntry.objects.filter(pk=written.pk).exists()


class TestOutliving:  # S-8
    def test_an_entry_outlives_the_account_and_the_person_it_names(self, at):
        person = UserFactory(last_name="唐老师")
        member = MemberFactory(user=None)
        written = audit.log("member.view", member, by=person, at=at, about=member)

        member.delete()
        person.delete()

        kept = AuditEntry.objects.get(pk=written.pk)
        assert (kept.actor_label, kept.target, kept.target_id) == ("唐老师", "member", written.target_id)

    def test_an_account_without_a_name_is_labelled_by_its_key_never_by_its_phone(self, at):
        person = UserFactory()

        written = audit.log("member.view", MemberFactory(), by=person, at=at)

        assert written.actor_label == f"账号 {person.pk}"
        assert str(person.phone) not in written.actor_label

    def test_the_system_is_named_as_such(self, at):
        assert audit.log("application.expire", MemberFactory(), by=None, at=at).actor_label == "系统"

    def test_the_request_that_did_it_is_kept(self, at):
        token = tracing.request_id.set("a1b2c3")

        written = entry(at)

        tracing.request_id.reset(token)
        assert written.request_id == "a1b2c3"


class TestAWholeLife:  # S-8, S-4
    @pytest.fixture
    def life(self, at):
        application = stories.endorsing(at=at, institutions=InstitutionFactory.create_batch(3, committee=True))
        endorsement = application.endorsements.get()
        endorsements.agree(endorsement=endorsement, person=endorsement.seat.member.user, at=at)
        reviewer = association_reviewer()
        review.opened(application=application, reviewer=reviewer, at=at)
        stories.approve_file(Application.objects.get(pk=application.pk), at=at, reviewer=reviewer)
        refused, approved, withdrawn = application.rows.order_by("pk")
        stories.refuse_row(refused, at=at)
        rows.resubmit_row(row=refused, person=application.member.user, statement="补充", at=at)
        stories.approve_row(approved, at=at)
        rows.withdraw_row(row=withdrawn, person=application.member.user, at=at)
        return application

    def test_every_act_and_every_look_leaves_an_entry(self, life):
        assert [one.action for one in AuditEntry.objects.filter(about=life.member).order_by("pk")] == [
            "application.start",
            "application.submit",
            "application.upload_form",
            "endorsement.agree",
            "application.view",
            "file.approved",
            "row.refused",
            "row.resubmit",
            "row.approved",
            "certificate.issue",
            "row.withdraw",
        ]

    def test_an_institutions_acts_stand_in_its_scope_the_rest_in_the_associations(self, life):
        scoped = AuditEntry.objects.filter(about=life.member, institution__isnull=False)

        assert set(scoped.values_list("action", flat=True)) == {"row.refused", "row.resubmit", "row.approved", "row.withdraw"}

    def test_no_entry_holds_personal_data(self, life):
        dossier = life.proposed_dossier
        said = json.dumps([[one.details, one.actor_label, one.target] for one in AuditEntry.objects.all()], ensure_ascii=False)

        for personal in (dossier.name, dossier.document_number, dossier.phone, dossier.email, dossier.address, "顾明修"):
            assert personal not in said


class TestEndings:  # S-8
    def test_a_discarded_draft_leaves_its_start_and_its_end(self, at):
        application = stories.draft(at=at)
        pk, person = application.pk, application.member.user

        enrolment.discard(application=application, person=person, at=at)

        left = AuditEntry.objects.filter(target="application", target_id=pk).order_by("pk")
        assert [one.action for one in left] == ["application.start", "application.discard"]

    def test_a_reviewer_of_an_institution_is_named_in_the_record_though_never_to_the_applicant(self, at):
        application = stories.deciding(at=at)
        row = application.rows.get()

        stories.approve_row(row, at=at, reviewer=institution_reviewer(row.institution, name="王老师"))

        assert AuditEntry.objects.get(action="row.approved").actor_label == "王老师"
        assert not any("王老师" in message.body for message in application.member.user.site_messages.all())
