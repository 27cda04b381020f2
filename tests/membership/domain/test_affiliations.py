"""A member gives up an institution; with the last one, the membership itself."""

from datetime import date, timedelta

import pytest

from membership.domain import affiliations, enrolment, further_enrolment, members, own_records, own_rows, verification, withdrawals
from membership.domain.errors import NotAllowed
from membership.domain.further_enrolment import Choice
from membership.enums import (
    AffiliationEnd,
    ApplicationState,
    CertificateState,
    DocumentHold,
    EndKind,
    Hold,
    MembershipStatus,
    Outcome,
    RowState,
    Standing,
)
from membership.models import Application, AuditEntry, Certificate, Member, MemberDocument, Message
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import UserFactory, freeze
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


def member_of(count: int, at) -> Member:
    application = stories.approved(at=at, institutions=InstitutionFactory.create_batch(count, committee=True))
    return Member.objects.get(pk=application.member_id)


def give_up(affiliation, at, **options):
    return affiliations.give_up(affiliation=affiliation, person=options.pop("person", affiliation.member.user), at=at, **options)


def further(member, at, *institutions):
    wanted = institutions or (InstitutionFactory(committee=True),)
    return further_enrolment.submit(person=member.user, choice=Choice(wanted), is_still_true=True, at=at)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


class TestGivingUpOneOfSeveral:  # M-13, B2, N-15
    def test_it_ends_today_and_the_row_stays_approved(self, at):
        gone = member_of(2, at).affiliations.first()

        give_up(gone, at)

        ended = fresh(gone)
        assert (ended.ended_on, ended.ended_by) == (TODAY, AffiliationEnd.GIVEN_UP)
        assert ended.decision.row.state == RowState.APPROVED

    def test_the_member_stays_one_with_number_and_edition(self, at):
        member = member_of(2, at)

        give_up(member.affiliations.first(), at)

        assert members.status_on(fresh(member), TODAY) == MembershipStatus.ACTIVE
        assert fresh(member).number == member.number
        assert Certificate.objects.live().filter(member=member).exists()

    def test_the_latest_end_is_that_of_those_that_remain(self, at):
        member = member_of(1, at)
        later = further(member, at)
        stories.approve_row(later.rows.get(), at=at + timedelta(days=30))
        longest = member.affiliations.order_by("-valid_to").first()

        give_up(longest, at + timedelta(days=31))

        assert fresh(member).last_valid_to == date(2027, 3, 17)

    def test_they_are_told_and_it_is_written_down(self, at):
        gone = member_of(2, at).affiliations.first()

        give_up(gone, at)

        assert gone.institution.name in Message.objects.get(user=gone.member.user, code="affiliation-given-up").title
        assert AuditEntry.objects.filter(action="affiliation.give_up", actor=gone.member.user).exists()

    def test_twice_is_once(self, at):
        gone = member_of(2, at).affiliations.first()
        give_up(gone, at)

        with pytest.raises(affiliations.NotHeld):
            give_up(gone, at)

    def test_it_may_be_applied_for_and_approved_again_on_the_same_day(self, at):
        member = member_of(2, at)
        gone = member.affiliations.first()
        give_up(gone, at)

        stories.approve_row(further(member, at, gone.institution).rows.get(), at=at)

        assert member.affiliations.running_on(TODAY).filter(institution=gone.institution).count() == 1

    def test_what_waits_elsewhere_goes_on(self, at):
        member = member_of(2, at)
        row = further(member, at).rows.get()

        give_up(member.affiliations.first(), at)

        assert fresh(row).state == RowState.PENDING


class TestWhoMay:  # Table E
    def test_nobody_but_the_member(self, at):
        with pytest.raises(NotAllowed):
            give_up(member_of(2, at).affiliations.first(), at, person=UserFactory())

    def test_a_frozen_member_may_not(self, at):
        member = member_of(2, at)
        freeze(member, at=at)

        with pytest.raises(affiliations.Frozen):
            give_up(member.affiliations.first(), at)

    @pytest.mark.parametrize(("day", "may"), [(date(2027, 4, 16), True), (date(2027, 4, 17), False)], ids=["last of grace", "lapsed"])
    def test_in_grace_they_may_lapsed_not(self, at, day, may):
        gone = member_of(2, at).affiliations.first()

        assert withdrawals.of_affiliation(gone, today=day).is_possible is may
        if may:
            give_up(gone, moment(day))
        else:
            with pytest.raises(affiliations.NotHeld):
                give_up(gone, moment(day))


class TestTheLast:  # M-13, Table D, N-1
    def test_it_is_asked_once_more(self, at):
        member = member_of(1, at)

        with pytest.raises(affiliations.MembershipWouldEnd):
            give_up(member.affiliations.get(), at)

        assert members.status_on(fresh(member), TODAY) == MembershipStatus.ACTIVE

    def test_the_membership_ends_and_the_number_is_kept(self, at):
        member = member_of(1, at)

        give_up(member.affiliations.get(), at, ends_membership=True)

        after = fresh(member)
        assert (after.standing, after.end_kind, after.ended_on) == (Standing.ENDED, EndKind.WITHDRAWN, TODAY)
        assert after.number == member.number
        assert MemberDocument.objects.get(member=member).state == DocumentHold.HELD

    def test_one_in_grace_is_another_one(self, at):
        member = member_of(1, at)
        stories.approve_row(further(member, at).rows.get(), at=at + timedelta(days=90))
        day = date(2027, 4, 16)
        first, second = member.affiliations.order_by("valid_to")

        give_up(second, moment(day))

        assert fresh(member).standing == Standing.MEMBER
        assert affiliations.is_last(first, member, today=day)

    def test_a_lapsed_one_is_none(self, at):
        member = member_of(1, at)
        stories.approve_row(further(member, at).rows.get(), at=at + timedelta(days=90))
        _, second = member.affiliations.order_by("valid_to")

        assert affiliations.is_last(second, member, today=date(2027, 4, 17))

    def test_everything_open_ends_with_it(self, at):
        member = member_of(1, at)
        waiting = further(member, at)
        draft = further_enrolment.save(person=member.user, choice=Choice((InstitutionFactory(committee=True),)), at=at)

        give_up(member.affiliations.get(), at, ends_membership=True)

        assert fresh(waiting).state == fresh(draft).state == ApplicationState.WITHDRAWN
        assert fresh(waiting.rows.get()).state == RowState.WITHDRAWN

    def test_even_what_is_on_hold(self, at):
        member = member_of(1, at)
        waiting = further(member, at)
        waiting.rows.update(hold=Hold.REPORTED)

        give_up(member.affiliations.get(), at, ends_membership=True)

        assert fresh(waiting).state == ApplicationState.WITHDRAWN

    def test_a_file_of_which_a_row_was_approved_is_closed(self, at):  # B1: end by system
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        approved, pending = application.rows.order_by("pk")
        stories.approve_row(approved, at=at)

        give_up(application.member.affiliations.get(), at, ends_membership=True)

        assert (fresh(application).state, fresh(application).outcome) == (ApplicationState.CLOSED, Outcome.APPROVED)
        assert fresh(pending).state == RowState.WITHDRAWN

    def test_they_are_told_although_who_left_hears_nothing_else(self, at):  # S-10
        member = member_of(1, at)

        give_up(member.affiliations.get(), at, ends_membership=True)

        assert member.number in Message.objects.get(user=member.user, code="membership-left").body
        assert AuditEntry.objects.filter(action="member.leave", actor=member.user).exists()

    def test_verification_says_that_it_ended(self, at):
        member = member_of(1, at)

        give_up(member.affiliations.get(), at, ends_membership=True)

        assert verification.by_number(member.number, today=TODAY).state == CertificateState.ENDED

    def test_they_may_enrol_anew_at_once_and_get_the_same_number(self, at):
        member = member_of(1, at)
        give_up(member.affiliations.get(), at, ends_membership=True)

        again = enrolment.start(user=member.user, at=at)

        assert again.own_dossier.name == member.name
        assert fresh(member).number == member.number


class TestTold:  # APP-12
    def test_beside_others_that_the_rest_stays(self, at):
        told = withdrawals.of_affiliation(member_of(2, at).affiliations.first(), today=TODAY)

        assert not told.ends_membership
        assert any("其他机构" in line for line in told.consequences)

    def test_with_the_last_what_ends_and_which_applications_go(self, at):
        member = member_of(1, at)
        waiting = InstitutionFactory(committee=True)
        further(member, at, waiting)

        told = withdrawals.of_affiliation(member.affiliations.get(), today=TODAY)

        assert told.ends_membership
        assert "退会" in told.consequences[0]
        assert any(waiting.name in line for line in told.consequences)

    def test_of_a_further_enrolment_nothing_is_said_to_come_back(self, at):
        member = member_of(1, at)
        first, second = further(member, at, *InstitutionFactory.create_batch(2, committee=True)).rows.order_by("pk")
        stories.refuse_row(first, at=at)

        assert withdrawals.of_row(fresh(second)).consequence == "其他机构都已答复且没有通过，撤销后这次申请随之结束。"


class TestOwnRows:  # APP-12
    def lines(self, member, at):
        return {line.institution: line for line in own_rows.row_lines(own_records.records_of(member.user, at=at))}

    def test_an_approved_one_can_be_given_up_and_says_whether_it_is_the_last(self, at):
        [only] = self.lines(member_of(1, at), at).values()
        several = self.lines(member_of(2, at), at).values()

        assert only.affiliation
        assert only.is_last
        assert [(bool(one.affiliation), one.is_last) for one in several] == [(True, False)] * 2

    def test_after_it_was_given_up_it_reads_withdrawn_and_since_when(self, at):
        member = member_of(2, at)
        gone = member.affiliations.first()
        give_up(gone, at)

        line = self.lines(member, at)[gone.institution.name]

        assert line.status.word == "已撤销"
        assert "2026-03-17" in line.lines[0]
        assert line.affiliation is None

    def test_what_is_still_held_is_not_hidden_by_a_later_refusal(self, at):
        member = member_of(1, at)
        stories.approve_row(further(member, at).rows.get(), at=at + timedelta(days=90))
        first = member.affiliations.order_by("valid_to").first()
        day = moment(first.valid_to + timedelta(days=5))
        stories.refuse_row(further(member, day, first.institution).rows.get(), at=day)

        shown = [
            one for one in own_rows.row_lines(own_records.records_of(member.user, at=day)) if one.institution == first.institution.name
        ]

        assert [one.status.word for one in shown] == ["审批不通过", "待续会"]

    def test_a_frozen_member_gives_nothing_up(self, at):
        member = member_of(2, at)
        freeze(member, at=at)

        assert not any(line.affiliation for line in self.lines(member, at).values())

    def test_a_replaced_one_says_so_while_the_new_one_stands_beside_it(self, at):
        member = member_of(1, at)
        old, new = member.affiliations.get(), InstitutionFactory(committee=True)
        asked = further_enrolment.submit(person=member.user, choice=Choice((new,), {new.pk: old}), is_still_true=True, at=at)

        waiting = self.lines(member, at)[new.name]
        stories.approve_row(asked.rows.get(), at=at)

        assert any(old.institution.name in line for line in waiting.lines)
        assert self.lines(member, at)[old.institution.name].status.word == "已更换"
        assert self.lines(member, at)[new.name].status.word == "审批通过"
        assert Application.objects.get(pk=asked.pk).outcome == Outcome.APPROVED
