"""
Every constraint of persons, applications, certificates and messages, broken on purpose: what stays true even if all above is wrong.

Each breach is an act on plain rows, past the domain, as a fault in a verb would do it. The database must answer with the constraint's
own name.
"""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint

from membership.enums import (
    AffiliationSource,
    ApplicationKind,
    ApplicationState,
    AttachmentKind,
    BulkItemState,
    BulkState,
    ConsentKind,
    DocumentHold,
    EndorsementState,
    Hold,
    MessageChannel,
    Outcome,
    RowState,
    Standing,
    Verdict,
)
from membership.models import (
    Affiliation,
    Application,
    ApplicationInstitution,
    Attachment,
    BulkItem,
    BulkRun,
    CalendarYear,
    Certificate,
    Consent,
    Decision,
    DeletionRequest,
    Delivery,
    Dossier,
    Endorsement,
    ExportRun,
    Expulsion,
    Freeze,
    LegacyMember,
    Member,
    MemberDocument,
    MemberNumber,
    MergeRecord,
    Message,
    NameKey,
    Recusal,
    ReferralCode,
    Renewal,
    Reopening,
    Replacement,
    SavedView,
    ScanPage,
    StampedForm,
    StampedFormPage,
    Violation,
    ViolationReport,
)
from tests.factories.people import MemberFactory, SeatFactory, UserFactory
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


class World:
    """Plain rows to build a breach from."""

    def __init__(self, at):
        self.at = at
        self.member = MemberFactory()
        self.other = MemberFactory()
        self.user = UserFactory()
        self.institution = InstitutionFactory(committee=True)

    def dossier(self, **fields):
        return Dossier.objects.create(**{"member": self.member, **fields})

    def application(self, **fields):
        fields = {"kind": ApplicationKind.FIRST_ENROLMENT, "member": self.member, "created_at": self.at, "state_since": self.at, **fields}
        if "proposed_dossier" not in fields:
            fields["proposed_dossier"] = self.dossier()
        return Application.objects.create(**fields)

    def deciding(self):
        return self.application(state=ApplicationState.DECIDING)

    def row(self, application=None, **fields):
        application = application or self.deciding()
        defaults = {"institution": self.institution, "member": application.member, "state_since": self.at, "first_submitted_on": TODAY}
        return ApplicationInstitution.objects.create(application=application, **{**defaults, **fields})

    def decision(self, application, row=None, **fields):
        defaults = {"round": 1, "dossier": application.proposed_dossier, "verdict": Verdict.APPROVED, "decided_at": self.at}
        institution = row.institution if row else None
        return Decision.objects.create(application=application, row=row, institution=institution, **{**defaults, **fields})

    def view(self, **fields):
        return SavedView.objects.create(reviewer=self.user, desk="review_rows_modeladmin", saved_at=self.at, **fields)

    def bulk_run(self, **fields):
        return BulkRun.objects.create(**{"reviewer": self.user, "verdict": Verdict.APPROVED, "prepared_at": self.at, **fields})

    def bulk_items(self, application=None, row=None, times=2, **fields):
        run, application = self.bulk_run(), application or row.application
        shown = {"run": run, "application": application, "row": row, "dossier": application.proposed_dossier, "round": 1}
        return [BulkItem.objects.create(**shown, **fields) for _ in range(times)]

    def export(self, **fields):
        return ExportRun.objects.create(**{"requested_by": self.user, "purpose": "年度统计", "requested_at": self.at, **fields})

    def endorsement(self, application, **fields):
        defaults = {"seat": SeatFactory(), "state_since": self.at, "asked_at": self.at, "due_on": TODAY}
        return Endorsement.objects.create(application=application, **{**defaults, **fields})

    def affiliation(self, **fields):
        defaults = {
            "member": self.member,
            "institution": self.institution,
            "valid_from": TODAY,
            "valid_to": TODAY + timedelta(days=365),
            "source": AffiliationSource.DECISION,
        }
        return Affiliation.objects.create(**{**defaults, **fields})

    def certificate(self, **fields):
        edition = fields.get("edition", 1)
        defaults = {
            "member": self.member,
            "number": "M1650000001X",
            "edition": 1,
            "dossier": self.dossier(),
            "token": f"T{edition}{fields.get('number', '')}",
            "issued_at": self.at,
        }
        return Certificate.objects.create(**{**defaults, **fields})

    def attachment(self):
        return Attachment.objects.create(
            kind=AttachmentKind.STAMPED_FORM, content_type="image/jpeg", size=1, sha256="0" * 64, created_at=self.at
        )

    def stamped_form(self, application, **fields):
        defaults = {"dossier": application.proposed_dossier, "original": self.attachment(), "uploaded_at": self.at}
        return StampedForm.objects.create(application=application, **{**defaults, **fields})

    def document(self, **fields):
        defaults = {
            "member": self.member,
            "kind": "passport",
            "issuing_country": "JP",
            "number": "X",
            "number_hash": "h",
            "state": DocumentHold.HELD,
        }
        return MemberDocument.objects.create(**{**defaults, **fields})

    def violation(self):
        return Violation.objects.create(member=self.member, text="伪造证明", recorded_by=self.user, recorded_at=self.at)

    def freeze(self, **fields):
        defaults = {"member": self.member, "violation": self.violation(), "frozen_by": self.user, "started_at": self.at, "reason": "核实中"}
        return Freeze.objects.create(**{**defaults, **fields})

    def expulsion(self, **fields):
        defaults = {
            "member": self.member,
            "violation": self.violation(),
            "proposed_by": self.user,
            "proposed_at": self.at,
            "reason": "属实",
        }
        return Expulsion.objects.create(**{**defaults, **fields})

    def report(self, row):
        return ViolationReport.objects.create(row=row, text="疑似伪造", reported_by=self.user, reported_at=self.at)

    def legacy(self, **fields):
        return LegacyMember.objects.create(**{"source": "原系统", "old_number": "1", "name": "周望舒", **fields})

    def message(self, **fields):
        return Message.objects.create(
            **{"user": self.user, "code": "x", "title": "t", "body": "b", "grouping_key": "k", "created_at": self.at, **fields}
        )


def twice(make):
    return lambda world: (make(world), make(world))


def on_one(make_thing, make_twice):
    """Make a thing, then two of what may stand on it once."""

    def breach(world):
        thing = make_thing(world)
        make_twice(world, thing)
        make_twice(world, thing)

    return breach


def moved_without_successor(world):
    world.row(state=RowState.MOVED)


def asked_to_replace(world, affiliation):
    world.row(institution=InstitutionFactory(committee=True), replaces=affiliation)


def one_institution_for_two(world):
    draft = world.application()
    for held in (world.affiliation(), world.affiliation(institution=InstitutionFactory(committee=True))):
        Replacement.objects.create(application=draft, institution=world.institution, affiliation=held)


def two_institutions_for_one(world):
    draft, held = world.application(), world.affiliation()
    for _ in range(2):
        Replacement.objects.create(application=draft, institution=InstitutionFactory(committee=True), affiliation=held)


def seat_with_two_live_codes(world):
    seat = SeatFactory()
    for code in ("AAAA", "BBBB"):
        ReferralCode.objects.create(seat=seat, code=code, created_at=world.at)


def same_seat_twice(world):
    seat = SeatFactory()
    SeatFactory(member=seat.member, committee=seat.committee)


def taken_back_by_the_decider(world):
    world.decision(world.deciding(), decided_by=world.user, taken_back_by=world.user, taken_back_at=world.at)


def merge(world, **fields):
    defaults = {"survivor": world.member, "merged": world.other, "proposed_by": world.user, "proposed_at": world.at}
    MergeRecord.objects.create(**{**defaults, **fields})


def renew(world, affiliation, **fields):
    defaults = {
        "previous_valid_to": affiliation.valid_to,
        "valid_from": affiliation.valid_to,
        "valid_to": affiliation.valid_to + timedelta(days=365),
        "renewed_by": world.user,
        "renewed_at": world.at,
    }
    Renewal.objects.create(affiliation=affiliation, **{**defaults, **fields})


BREACHES = {
    # A-7, D-16
    "one_enrolment_not_yet_deciding_per_member": twice(lambda w: w.application()),
    "one_open_activation_change_or_upgrade_per_member": lambda w: (
        w.application(kind=ApplicationKind.CHANGE),
        w.application(kind=ApplicationKind.UPGRADE, target_type="professional"),
    ),
    "only_a_further_enrolment_proposes_no_dossier": lambda w: w.application(proposed_dossier=None),
    "exactly_the_closed_have_an_outcome": lambda w: w.application(outcome=Outcome.APPROVED),
    "an_ended_application_is_not_held": lambda w: w.application(state=ApplicationState.WITHDRAWN, hold=Hold.FROZEN),
    "a_file_is_held_as_reopened_or_frozen": lambda w: w.application(hold=Hold.REPORTED),
    "only_an_upgrade_names_its_target": lambda w: w.application(target_type="professional"),
    "a_correction_is_a_change": lambda w: w.application(is_correction=True),
    "a_stamp_is_never_asked_without_review": lambda w: w.application(needs_review=False),
    "a_claimed_file_says_since_when": lambda w: w.application(assigned_to=w.user),
    # lists: REV-1, REV-6, REV-12, REV-13
    "a_name_key_once_per_person": lambda w: [NameKey.objects.create(member=w.member, key="沈") for _ in range(2)],
    "a_reviewer_names_a_view_of_a_list_once": lambda w: [w.view(name="甲") for _ in range(2)],
    "a_view_has_a_name": lambda w: w.view(name=""),
    "a_bulk_run_approves_or_refuses": lambda w: w.bulk_run(verdict=Verdict.NOT_ACCEPTED),
    "a_bulk_run_that_started_says_when": lambda w: w.bulk_run(state=BulkState.RUNNING),
    "a_file_is_in_a_bulk_run_once": lambda w: w.bulk_items(w.deciding()),
    "a_row_is_in_a_bulk_run_once": lambda w: w.bulk_items(row=w.row()),
    "exactly_the_decided_items_have_a_decision": lambda w: w.bulk_items(w.deciding(), times=1, state=BulkItemState.DONE),
    "an_item_left_alone_says_why": lambda w: w.bulk_items(w.deciding(), times=1, state=BulkItemState.SKIPPED),
    "an_export_says_what_for": lambda w: w.export(purpose=""),
    "a_kept_export_says_until_when": lambda w: w.export(file=w.attachment()),
    # the calendar: K-3
    "a_year_that_moved_says_since_when_and_from_what": lambda w: CalendarYear.objects.create(year=2026, working="1" * 365, changed_at=w.at),
    # rows
    "one_open_row_per_member_and_institution": lambda w: (w.row(), w.row(w.deciding())),
    "one_row_per_application_institution_and_round": on_one(World.deciding, lambda w, a: w.row(a, state=RowState.REFUSED)),
    "one_open_row_per_replaced_affiliation": on_one(World.affiliation, asked_to_replace),
    "an_institution_replaces_one_affiliation": one_institution_for_two,
    "an_affiliation_is_replaced_once_in_a_draft": two_institutions_for_one,
    "a_decided_row_is_not_held": lambda w: w.row(state=RowState.APPROVED, hold=Hold.REPORTED),
    "a_row_is_held_only_as_reported": lambda w: w.row(hold=Hold.FROZEN),
    "exactly_the_moved_have_a_successor": moved_without_successor,
    "a_claimed_row_says_since_when": lambda w: w.row(assigned_to=w.user),
    # A-2, REV-5
    "one_decision_per_institution_and_round": on_one(World.row, lambda w, row: w.decision(row.application, row)),
    "one_decision_of_the_association_per_round": on_one(World.deciding, lambda w, a: w.decision(a)),
    "a_refusal_says_why": lambda w: w.decision(w.deciding(), verdict=Verdict.REFUSED),
    "a_row_decision_names_its_institution": lambda w: Decision.objects.create(
        application=(row := w.row()).application,
        row=row,
        round=1,
        dossier=row.application.proposed_dossier,
        verdict=Verdict.APPROVED,
        decided_at=w.at,
    ),
    "another_person_takes_a_decision_back": taken_back_by_the_decider,
    "one_open_reopening_per_application": on_one(
        World.deciding, lambda w, a: Reopening.objects.create(application=a, until=TODAY, opened_by=w.user, opened_at=w.at)
    ),
    "one_recusal_per_reviewer_and_application": on_one(
        World.deciding, lambda w, a: Recusal.objects.create(application=a, reviewer=w.user, reason="同事", recused_at=w.at)
    ),
    "one_current_stamped_form_per_application": on_one(World.deciding, lambda w, a: w.stamped_form(a)),
    "a_page_is_laid_out_once": on_one(
        World.deciding,
        lambda w, a: ScanPage.objects.create(
            application=a, number=1, picture=w.attachment(), source_sha256="0" * 64, source_size=1, source_page=1, added_at=w.at
        ),
    ),
    "one_picture_per_stamped_page": on_one(
        lambda w: w.stamped_form(w.deciding()),
        lambda w, form: StampedFormPage.objects.create(stamped_form=form, number=1, attachment=w.attachment()),
    ),
    # dossiers
    "one_dossier_per_application_and_version": on_one(World.application, lambda w, a: w.dossier(application=a)),
    "only_a_submitted_dossier_is_voided": lambda w: w.dossier(voided_at=w.at),
    # endorsements and seats
    "one_open_endorsement_per_application": on_one(World.deciding, lambda w, a: w.endorsement(a)),
    "exactly_the_answered_have_an_answer_time": lambda w: w.endorsement(w.deciding(), state=EndorsementState.AGREED),
    "a_seat_ends_after_it_starts": lambda w: SeatFactory(ends_on=date(2026, 1, 1)),
    "one_seat_per_member_committee_and_start": same_seat_twice,
    "one_live_referral_code_per_seat": seat_with_two_live_codes,
    # affiliations
    "an_affiliation_ends_after_it_starts": lambda w: w.affiliation(valid_to=TODAY),
    "an_ended_affiliation_says_how": lambda w: w.affiliation(ended_on=TODAY),
    "one_affiliation_per_member_institution_and_start": twice(lambda w: w.affiliation()),
    "one_renewal_per_affiliation_and_period": on_one(World.affiliation, renew),
    "a_renewal_lengthens": lambda w: renew(w, w.affiliation(), valid_to=TODAY),
    # members
    "a_member_has_a_number": lambda w: MemberFactory(standing=Standing.MEMBER),
    "a_number_is_never_empty_text": lambda w: MemberFactory(number=""),
    "only_the_ended_have_an_end": lambda w: MemberFactory(ended_on=TODAY),
    "one_current_number_per_member": lambda w: [
        MemberNumber.objects.create(number=number, member=w.member, given_at=w.at) for number in ("M1", "M2")
    ],
    "one_person_per_identity_document": lambda w: (w.document(), w.document(member=w.other)),
    "a_claim_names_its_application": lambda w: w.document(state=DocumentHold.CLAIMED),
    "nobody_is_merged_into_themself": lambda w: merge(w, merged=w.member),
    "another_person_confirms_a_merge": lambda w: merge(w, confirmed_by=w.user),
    "one_open_deletion_request_per_user": twice(lambda w: DeletionRequest.objects.create(user=w.user, requested_at=w.at, due_on=TODAY)),
    # certificates
    "one_certificate_per_number_and_edition": lambda w: (
        w.certificate(superseded_at=w.at),
        w.certificate(member=w.other, token="U"),
    ),
    "one_live_edition_per_member": lambda w: (w.certificate(), w.certificate(edition=2)),
    "a_downloaded_certificate_has_its_document": lambda w: w.certificate(first_downloaded_at=w.at),
    # violations
    "one_open_freeze_per_member": twice(lambda w: w.freeze()),
    "another_person_unfreezes": lambda w: w.freeze(unfrozen_by=w.user),
    "one_open_expulsion_per_member": twice(lambda w: w.expulsion()),
    "another_person_confirms_an_expulsion": lambda w: w.expulsion(confirmed_by=w.user),
    "one_open_report_per_row": on_one(World.row, World.report),
    # former members, messages, consents
    "one_legacy_row_per_source_and_old_number": twice(lambda w: w.legacy()),
    "a_legacy_row_has_an_old_number": lambda w: w.legacy(old_number=""),
    "one_delivery_per_message_and_channel": on_one(
        World.message, lambda w, message: Delivery.objects.create(message=message, channel=MessageChannel.SMS, queued_at=w.at)
    ),
    "guardian_consent_names_the_guardian": lambda w: Consent.objects.create(
        user=w.user, kind=ConsentKind.GUARDIAN, version="2026-11", given_at=w.at
    ),
}
UNIQUE_FIELDS = {
    (Member, "number"): lambda w: (MemberFactory(number="M1"), MemberFactory(number="M1")),
    (Member, "user"): lambda w: MemberFactory(user=w.member.user),
    (MemberNumber, "number"): lambda w: [
        MemberNumber.objects.create(number="M1", member=one, given_at=w.at) for one in (w.member, w.other)
    ],
    (Certificate, "token"): lambda w: (
        w.certificate(token="T"),
        w.certificate(member=w.other, number="M1650000002X", token="T"),
    ),
    (ReferralCode, "code"): lambda w: [ReferralCode.objects.create(seat=SeatFactory(), code="AAAA", created_at=w.at) for _ in "ab"],
    (Message, "grouping_key"): twice(lambda w: w.message()),
    (CalendarYear, "year"): twice(lambda w: CalendarYear.objects.create(year=2026, working="1" * 365)),
}


@pytest.fixture
def world(at):
    return World(at)


def columns_of(name):
    """Return the columns by which SQLite names a broken unique constraint."""
    for model in apps.get_app_config("membership").get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and not isinstance(constraint, CheckConstraint):
                return [f"{model._meta.db_table}.{model._meta.get_field(field).column}" for field in constraint.fields]
    return []


def breach(act, world):
    """Do the forbidden act and return what the database said; deferred checks are asked for at once."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act(world)
        connection.check_constraints()
    return str(refusal.value)


class TestConstraints:
    @pytest.mark.parametrize("name", BREACHES)
    def test_the_database_itself_refuses(self, name, world):
        said = breach(BREACHES[name], world)

        by_columns = columns_of(name) and all(column in said for column in columns_of(name))
        assert re.search(rf"\b{name}\b", said) or by_columns, said

    @pytest.mark.parametrize(("model", "field"), UNIQUE_FIELDS, ids=lambda value: getattr(value, "__name__", value))
    def test_a_number_code_or_key_exists_once(self, model, field, world):
        said = breach(UNIQUE_FIELDS[(model, field)], world)

        assert model._meta.get_field(field).column in said

    def test_no_constraint_is_left_untried(self):
        tried_elsewhere = {"institutions", "reference", "settings", "read_only", "work_units", "divisions"}
        ours = {
            constraint.name
            for model in apps.get_app_config("membership").get_models()
            if model.__module__.rsplit(".", 1)[1] not in tried_elsewhere and not model._meta.proxy
            for constraint in model._meta.constraints
        }

        assert ours == set(BREACHES)

    def test_names_fit_both_databases(self):
        for model in apps.get_app_config("membership").get_models():
            assert all(len(constraint.name.encode()) <= 63 for constraint in model._meta.constraints), model
            assert all(len(index.name) <= 30 for index in model._meta.indexes), model
