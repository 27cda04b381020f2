"""Numbers for life: taken once, never given again, noted outside the database, never below what was given before."""

import pytest
from django.core.files.storage import storages
from django.db import transaction

from membership import checks, link_signing
from membership.domain import numbers
from membership.models import LegacyMember, Member, MemberNumber, NumberCounter
from tests.factories import enrolment as stories
from tests.factories.moments import society_settings
from tests.factories.people import MemberFactory

pytestmark = pytest.mark.django_db

ISSUER = "165"


def counter_at(serial):
    return NumberCounter.objects.update_or_create(issuer=ISSUER, defaults={"last_serial": serial})[0]


class TestTake:  # N-1, N-2, N-4
    def test_the_first_number_is_serial_one_with_its_check_letter(self, at):
        number = numbers.take(MemberFactory(), at=at)

        assert number == link_signing.number_of(1, ISSUER)
        assert link_signing.is_well_formed(number)

    def test_everybody_gets_the_next(self, at):
        counter_at(41)

        given = [numbers.take(MemberFactory(), at=at) for _ in range(2)]

        assert given == [link_signing.number_of(42, ISSUER), link_signing.number_of(43, ISSUER)]

    def test_a_member_keeps_the_number_for_life(self, at):
        member = MemberFactory()

        assert numbers.take(member, at=at) == numbers.take(member, at=at)
        assert NumberCounter.objects.get().last_serial == 1

    def test_every_number_given_stands_in_the_register(self, at):
        member = MemberFactory()

        number = numbers.take(member, at=at)

        assert MemberNumber.objects.get(number=number).member == member

    def test_a_rolled_back_approval_may_leave_a_gap_but_gives_no_number_twice(self, at):
        with pytest.raises(RuntimeError), transaction.atomic():
            numbers.take(MemberFactory(), at=at)
            raise RuntimeError
        member = MemberFactory()

        numbers.take(member, at=at)

        assert MemberNumber.objects.count() == 1


class TestReserved:  # N-8
    def test_the_sample_of_the_guide_is_passed_over(self, at):
        counter_at(2053)

        number = numbers.take(MemberFactory(), at=at)

        assert link_signing.number_of(2054, ISSUER) == "M1650002054A"
        assert number == link_signing.number_of(2055, ISSUER)

    def test_neighbours_that_are_reserved_too_are_all_passed_over(self, at):
        society_settings(reserved_serials=[1, 2, 3])

        assert numbers.take(MemberFactory(), at=at) == link_signing.number_of(4, ISSUER)


class TestHighWaterMark:  # N-5
    def test_each_issue_leaves_a_mark_with_the_private_files(self, at):
        application = stories.approved(at=at)
        number = Member.objects.get(pk=application.member_id).number

        assert storages["private"].exists(f"high-water/2026-03/{number}.1")

    def test_the_mark_says_number_and_edition_and_nothing_of_the_person(self, at):
        numbers.note_issue("M1650000007T", 3, at=at)

        with storages["private"].open("high-water/2026-03/M1650000007T.3") as mark:
            assert mark.read() == b""


class TestStartUpCheck:  # N-7
    def faults(self):
        return checks.check_number_counter(databases=["default"])

    def register(self, serial, at):
        MemberNumber.objects.create(number=link_signing.number_of(serial, ISSUER), member=MemberFactory(), given_at=at)

    def test_a_new_society_may_start(self):
        assert self.faults() == []

    def test_a_counter_at_or_above_the_highest_serial_may_start(self, at):
        self.register(40, at)
        counter_at(40)

        assert self.faults() == []

    def test_a_counter_below_a_registered_number_stops_the_start_and_says_how_far(self, at):
        self.register(9, at)
        self.register(40, at)
        counter_at(39)

        [fault] = self.faults()

        assert fault.id == "membership.E002"
        assert "39" in fault.msg
        assert "40" in fault.msg

    def test_so_does_a_counter_below_an_imported_number_of_the_same_shape(self):
        LegacyMember.objects.create(source="原系统", old_number=link_signing.number_of(700, ISSUER), name="顾明修")

        assert len(self.faults()) == 1

    @pytest.mark.parametrize("old_number", ["CACA-0087214", "M9990000700A", "M165700"])
    def test_numbers_of_another_shape_or_issuer_do_not_matter(self, old_number):
        LegacyMember.objects.create(source="原系统", old_number=old_number, name="顾明修")

        assert self.faults() == []

    def test_without_a_database_to_ask_nothing_is_asked(self):
        assert checks.check_number_counter(databases=None) == []
