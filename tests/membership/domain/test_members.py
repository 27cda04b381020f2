"""How a person stands in the society, at the borders of days; found, made, named, forgotten."""

from datetime import date, timedelta

import pytest

from membership.domain import affiliations, members
from membership.enums import AffiliationEnd, AffiliationSource, EndKind, MembershipStatus, Standing
from membership.models import Affiliation, Decision, Member
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import MemberFactory, SeatFactory, UserFactory, active_member, freeze
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

UNTIL = date(2026, 3, 17)


def affiliation(member, *, until=UNTIL, **fields):
    return Affiliation.objects.create(
        member=member,
        institution=InstitutionFactory(committee=True),
        valid_from=date(2025, 3, 17),
        valid_to=until,
        source=AffiliationSource.DECISION,
        **fields,
    )


class TestTheDates:  # M-1, M-3, M-4
    @pytest.mark.parametrize(
        ("today", "status"),
        [
            (date(2026, 3, 17), MembershipStatus.ACTIVE),
            (date(2026, 3, 18), MembershipStatus.GRACE),
            (date(2026, 4, 16), MembershipStatus.GRACE),
            (date(2026, 4, 17), MembershipStatus.LAPSED),
        ],
        ids=["last day", "first day of grace", "last day of grace", "lapsed"],
    )
    def test_active_to_the_end_of_the_last_day_then_thirty_days_of_grace(self, today, status):
        member = active_member(until=UNTIL)

        assert members.status_on(member, today) == status
        assert members.affiliation_status(member.affiliations.get(), today) == status

    def test_grace_is_as_long_as_the_society_says(self):
        society_settings(grace_days=0)

        assert members.status_on(active_member(until=UNTIL), date(2026, 3, 18)) == MembershipStatus.LAPSED

    def test_a_member_stands_as_the_best_of_their_affiliations(self):
        member = active_member(until=date(2026, 1, 1))
        affiliation(member, until=date(2026, 3, 1))
        assert members.status_on(member, UNTIL) == MembershipStatus.GRACE
        affiliation(member, until=UNTIL)

        assert members.status_on(member, UNTIL) == MembershipStatus.ACTIVE

    def test_one_given_up_or_taken_back_does_not_count(self, at):
        member = active_member(until=UNTIL)
        member.affiliations.update(ended_on=UNTIL, ended_by=AffiliationEnd.GIVEN_UP)
        affiliation(member, voided_at=at)

        assert members.status_on(member, UNTIL) == MembershipStatus.LAPSED
        assert {members.affiliation_status(one, UNTIL) for one in member.affiliations.all()} == {MembershipStatus.ENDED}

    def test_one_that_ends_later_runs_until_then(self):
        member = active_member(until=UNTIL)
        one = member.affiliations.get()
        one.ended_on = UNTIL

        assert members.affiliation_status(one, UNTIL - timedelta(days=1)) == MembershipStatus.ACTIVE


class TestAYear:  # M-3
    @pytest.mark.parametrize(
        ("approved_on", "until"),
        [
            (date(2025, 3, 17), date(2026, 3, 17)),
            (date(2024, 2, 29), date(2025, 2, 28)),
            (date(2023, 2, 28), date(2024, 2, 28)),
            (date(2026, 12, 31), date(2027, 12, 31)),
        ],
    )
    def test_runs_to_the_same_day_next_year(self, at, approved_on, until):
        application = stories.deciding(at=at)
        row = application.rows.get()
        decision = Decision.objects.create(
            application=application,
            row=row,
            institution=row.institution,
            round=1,
            dossier=application.proposed_dossier,
            verdict="approved",
            decided_at=at,
        )

        opened = affiliations.open_by(decision, row, today=approved_on)

        assert (opened.valid_from, opened.valid_to) == (approved_on, until)

    def test_or_as_long_as_the_society_says(self, at):
        society_settings(validity_months=6)
        application = stories.approved(at=at)

        assert application.member.affiliations.get().valid_to == date(2026, 9, 17)

    def test_the_latest_end_is_kept_for_lists(self, at):
        member = active_member(until=UNTIL)
        affiliation(member, until=date(2027, 1, 1), voided_at=at)

        members.refresh_last_valid_to(member)

        assert Member.objects.get(pk=member.pk).last_valid_to == UNTIL


class TestWhatOutranksTheDates:  # M-2
    def test_anonymised_then_ended_then_frozen_then_the_dates(self, at):
        member = active_member(until=UNTIL)
        seen = [members.status_on(member, UNTIL)]
        freeze(member, at=at)
        seen.append(members.status_on(member, UNTIL))
        member.standing, member.end_kind, member.ended_on = Standing.ENDED, EndKind.WITHDRAWN, UNTIL
        seen.append(members.status_on(member, UNTIL))
        member.standing = Standing.ANONYMISED
        seen.append(members.status_on(member, UNTIL))

        assert seen == [MembershipStatus.ACTIVE, MembershipStatus.FROZEN, MembershipStatus.ENDED, MembershipStatus.ANONYMISED]

    def test_an_ended_freeze_freezes_nobody(self, at):
        member = active_member(until=UNTIL)
        frozen = freeze(member, at=at)
        frozen.ended_at = at
        frozen.save()

        assert members.status_on(member, UNTIL) == MembershipStatus.ACTIVE

    def test_an_applicant_is_an_applicant_and_a_frozen_one_frozen(self, at):
        member = MemberFactory()
        assert members.status_on(member, UNTIL) == MembershipStatus.APPLICANT
        freeze(member, at=at)

        assert members.status_on(member, UNTIL) == MembershipStatus.FROZEN


class TestThePerson:
    def test_a_bare_account_has_no_person_until_one_is_needed(self):
        user = UserFactory()
        assert members.member_of(user) is None

        assert members.member_for(user) == members.member_for(user) == members.member_of(user)

    def test_lists_and_counts_of_members_leave_applicants_out(self, at):
        stories.submitted(at=at)
        member = active_member()

        assert list(Member.objects.in_the_society()) == [member]

    def test_a_person_of_whom_nothing_is_known_can_be_forgotten(self):
        member = MemberFactory()

        members.forget_if_unknown(member)

        assert not Member.objects.exists()

    def test_a_seat_a_file_or_a_membership_keeps_a_person(self, at):
        kept = [SeatFactory().member, stories.submitted(at=at).member, active_member()]

        for member in kept:
            members.forget_if_unknown(member)

        assert Member.objects.filter(pk__in=[member.pk for member in kept]).count() == 3

    def test_the_name_is_found_by_its_sound(self):
        member = MemberFactory()
        dossier = stories.draft(at=moment(UNTIL), name="欧阳若兰").proposed_dossier

        members.name(member, dossier)

        assert (member.name, member.name_pinyin, member.name_initials) == ("欧阳若兰", "ouyangruolan", "oyrl")
