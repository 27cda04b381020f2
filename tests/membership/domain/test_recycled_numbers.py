"""Telephone numbers that may have passed to another person (L-3, L-4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from membership import encryption
from membership.domain import recycled_numbers
from membership.enums import DocumentHold, DocumentKind
from membership.models import AuditEntry, InstitutionReviewer, Member, MemberDocument, Message, User
from membership.models import settings as society
from tests.factories.people import UserFactory, active_member, association_reviewer, freeze
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
NUMBER = "12010119800101002X"


def away_for(days: int, *, name: str = "顾明修", number: str = NUMBER) -> User:
    """The account of a member with a document, last entered so many days ago."""
    member = active_member(name=name)
    MemberDocument.objects.create(
        member=member,
        kind=DocumentKind.RESIDENT_ID,
        number=number,
        number_hash=encryption.document_hash(DocumentKind.RESIDENT_ID, "", number),
        state=DocumentHold.HELD,
    )
    User.objects.filter(pk=member.user_id).update(last_login=NOW - timedelta(days=days))
    return User.objects.get(pk=member.user_id)


def answer(user: User, name: str = "顾明修", document_number: str = "002X", *, hours: int = 0) -> None:
    recycled_numbers.confirm(user=user, name=name, document_number=document_number, at=NOW + timedelta(hours=hours))


def use_all_tries(user: User) -> None:
    for _try in range(4):
        with pytest.raises(recycled_numbers.NotTheOwner):
            answer(user, "别人")
    with pytest.raises(recycled_numbers.NoTriesLeft):
        answer(user, "别人")


class TestInQuestion:  # L-3
    @pytest.mark.parametrize(("days", "asked"), [(0, False), (180, False), (181, True), (4000, True)])
    def test_more_than_180_days_away_the_number_alone_is_not_enough(self, days, asked):
        assert recycled_numbers.is_in_question(away_for(days), at=NOW) is asked

    def test_how_many_is_the_administrators_setting(self):
        current = society.current()
        current.idle_login_days = 30
        current.save()

        assert recycled_numbers.is_in_question(away_for(31), at=NOW)

    def test_an_account_never_entered_counts_from_its_beginning(self):
        user = away_for(0)
        User.objects.filter(pk=user.pk).update(last_login=None, date_joined=NOW - timedelta(days=200))
        user.refresh_from_db()

        assert recycled_numbers.is_in_question(user, at=NOW)

    def test_without_name_and_document_there_is_nothing_to_ask_for(self):
        bare = UserFactory(last_login=NOW - timedelta(days=400))
        undocumented = active_member().user
        User.objects.filter(pk=undocumented.pk).update(last_login=NOW - timedelta(days=400))
        undocumented.refresh_from_db()

        assert not recycled_numbers.is_in_question(bare, at=NOW)
        assert not recycled_numbers.is_in_question(undocumented, at=NOW)


class TestConfirming:  # L-3
    @pytest.mark.parametrize("typed", ["002X", "002x", "００２ｘ", " 00 2X ", NUMBER])
    def test_name_and_last_four_are_enough_however_they_are_typed(self, typed):
        user = away_for(400)

        answer(user, document_number=typed)

        assert AuditEntry.objects.filter(action="identity.confirmed", target_id=user.pk).exists()

    @pytest.mark.parametrize(("name", "typed"), [("顾明", "002X"), ("顾明修", "0021"), ("顾明修", "1201"), ("", "002X"), ("顾明修", "X")])
    def test_one_that_does_not_fit_is_refused_without_saying_which(self, name, typed):
        user = away_for(400)

        with pytest.raises(recycled_numbers.NotTheOwner, match="姓名或证件号码后 4 位不对，请核对，还可以再试 4 次"):
            answer(user, name, typed)

    def test_a_former_document_of_the_person_does_too(self):
        user = away_for(400)
        MemberDocument.objects.create(
            member=user.member,
            kind=DocumentKind.PASSPORT,
            issuing_country="CN",
            number="E12345678",
            number_hash=encryption.document_hash(DocumentKind.PASSPORT, "CN", "E12345678"),
            state=DocumentHold.HELD,
        )

        answer(user, document_number="5678")

    def test_after_five_wrong_ones_not_even_the_right_one_is_looked_at_for_a_day(self):
        user = away_for(400)
        use_all_tries(user)

        assert recycled_numbers.tries_left(user, at=NOW) == 0
        with pytest.raises(recycled_numbers.NoTriesLeft):
            answer(user, hours=23)
        assert AuditEntry.objects.filter(action="identity.locked").count() == 1
        answer(user, hours=25)

    def test_ones_tries_are_not_anothers(self):
        one, other = away_for(400), away_for(400, name="沈知白", number="120101198001010038")
        use_all_tries(one)

        assert recycled_numbers.tries_left(other, at=NOW) == 5


class TestReleasing:  # L-4
    def release(self, user: User) -> None:
        recycled_numbers.release(user=user, entered_at=user.last_login, at=NOW)

    def test_the_number_is_free_and_the_person_keeps_everything_else(self):
        user = away_for(400)
        phone, member = user.phone, user.member

        self.release(user)

        user.refresh_from_db()
        assert (user.phone, user.phone_verified, user.has_usable_password()) == (None, False, False)
        assert Member.objects.get(user=user).number == member.number
        assert User.objects.create_user(str(phone)).pk != user.pk
        assert AuditEntry.objects.get(action="phone.released").about == member
        assert Message.objects.filter(user=user, code="phone-released").exists()

    def test_the_audit_entry_holds_neither_number_nor_name(self):
        user = away_for(400)
        phone = str(user.phone)

        self.release(user)

        entry = AuditEntry.objects.get(action="phone.released")
        assert phone not in f"{entry.actor_label}{entry.details}"

    def test_twice_is_said(self):
        user = away_for(400)
        self.release(user)

        with pytest.raises(recycled_numbers.AlreadyReleased):
            self.release(user)

    def test_an_account_entered_since_the_question_stays(self):
        user = away_for(400)
        asked_when = user.last_login
        User.objects.filter(pk=user.pk).update(last_login=NOW)

        with pytest.raises(recycled_numbers.NeedsSupport):
            recycled_numbers.release(user=user, entered_at=asked_when, at=NOW)

    def test_staff_a_reviewer_and_a_frozen_person_need_a_human(self):
        reviewer, institution_reviewer, frozen = association_reviewer(), away_for(400), away_for(400, number="120101198001010038")
        InstitutionReviewer.objects.create(institution=InstitutionFactory(), user=institution_reviewer)
        freeze(frozen.member, at=NOW)

        for user in (reviewer, institution_reviewer, frozen):
            with pytest.raises(recycled_numbers.NeedsSupport):
                self.release(user)
            user.refresh_from_db()
            assert user.phone
