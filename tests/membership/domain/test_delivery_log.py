"""The log that support reads: who was told what, found again; and sending again what certainly was not sent (UI-8)."""

from datetime import date, timedelta

import pytest

from membership import rules
from membership.domain import delivery_log
from membership.domain.announcements import announce
from membership.domain.delivery_log import ON_THE_SITE_ALONE, Wanted
from membership.domain.errors import NotAllowed
from membership.enums import DeliveryState, EndKind, Standing
from membership.models import AuditEntry, Delivery, Member, Message
from membership.outbox import delivery
from tests.factories import enrolment as stories
from tests.factories.people import MemberFactory, UserFactory, committee_member, staff

pytestmark = pytest.mark.django_db

CODE = "form-reminder"  # goes by text message too


def told(at, *, name: str = "沈砚秋", phone: str | None = None, code: str = CODE) -> Message:
    """Return a message to somebody."""
    user = UserFactory(**({"phone": phone} if phone else {}))
    application = stories.submitted(at=at, user=user, name=name)
    Message.objects.filter(user=user).delete()
    return announce(code, user, at=at, application=application, expires=date(2026, 5, 16))


def text_in(state: str, at) -> Delivery:
    """Return a text message to somebody, in a state."""
    text = told(at).deliveries.get()
    Delivery.objects.filter(pk=text.pk).update(state=state, attempts=3, error="x")
    text.refresh_from_db()
    return text


def found(**wanted) -> list[Message]:
    return list(delivery_log.find(Wanted(**wanted)).order_by("pk"))


class TestFinding:  # UI-8
    @pytest.mark.parametrize(
        "term", ["欧阳", "欧阳若兰", "ouyang", "oyrl", "4321", "87654321", "13887654321", "+86 138 8765 4321", " 4321 "]
    )
    def test_by_the_end_of_a_number_or_the_beginning_of_a_name(self, term, at):
        wanted = told(at, name="欧阳若兰", phone="+8613887654321")
        told(at, name="端木知行", phone="+8613811112222")

        assert found(term=term) == [wanted]

    @pytest.mark.parametrize("term", ["若兰", "9999", "432", "20260101", "%", "_", "4321%", "\ue000", "123456789012345678901"])
    def test_what_fits_nobody_finds_nothing(self, term, at):
        told(at, name="欧阳若兰", phone="+8613887654321")

        assert found(term=term) == []

    def test_somebody_without_a_person_is_found_by_number(self, at):
        user = UserFactory(phone="+8613887654321")
        message = announce("phone-released", user, at=at, application=None, on=date(2026, 3, 17))

        assert found(term="4321") == [message]

    def test_by_state_event_and_day(self, at):
        failed = text_in(DeliveryState.FAILED, at).message
        accepted = text_in(DeliveryState.ACCEPTED, at - timedelta(days=3)).message
        quiet = told(at, code="file-expired")

        assert found(state=DeliveryState.FAILED) == [failed]
        assert found(state=ON_THE_SITE_ALONE) == [quiet]
        assert found(code="file-expired") == [quiet]
        assert found(until=date(2026, 3, 14)) == [accepted]
        assert found(since=date(2026, 3, 15)) == [failed, quiet]
        assert found(state=DeliveryState.ACCEPTED, code="file-expired") == []

    def test_days_are_shanghais_and_the_last_one_counts(self, at):
        first, last = told(at.replace(hour=0, minute=0)), told(at.replace(hour=23, minute=59))

        assert found(since=date(2026, 3, 17), until=date(2026, 3, 17)) == [first, last]

    def test_reading_one_is_written_down(self, at):
        message, reader = told(at), staff(rules.SUPPORT)

        delivery_log.open_entry(message=message, reader=reader, at=at)

        entry = AuditEntry.objects.get(action="view.message")
        assert (entry.actor, entry.about, entry.target_id) == (reader, message.user.member, message.pk)

    def test_no_code_of_a_login_can_stand_in_it(self):
        # Codes go out without a Message, and a Delivery belongs to one.
        assert not Delivery._meta.get_field("message").null


class TestSendingAgain:  # UI-8: only what certainly was not sent
    @pytest.mark.parametrize("role", [rules.SUPPORT, rules.ADMINISTRATOR])
    def test_a_failed_text_goes_out_once_more(self, role, at, sms_outbox, django_capture_on_commit_callbacks):
        text, by = text_in(DeliveryState.FAILED, at), staff(role)

        with django_capture_on_commit_callbacks(execute=True):
            delivery_log.send_again(text=text, by=by, at=at)
            assert sms_outbox == []

        text.refresh_from_db()
        assert (text.state, text.error, len(sms_outbox)) == (DeliveryState.ACCEPTED, "", 1)
        entry = AuditEntry.objects.get(action="sms.send_again")
        assert (entry.actor, entry.about, entry.details) == (by, text.message.user.member, {"code": CODE, "attempts": 3})

    @pytest.mark.parametrize("state", [state for state in DeliveryState if state != DeliveryState.FAILED])
    def test_what_was_or_may_have_been_taken_does_not(self, state, at, sms_outbox, django_capture_on_commit_callbacks):
        text = text_in(state, at)

        with django_capture_on_commit_callbacks(execute=True), pytest.raises(delivery_log.NotToBeSentAgain):
            delivery_log.send_again(text=text, by=staff(rules.SUPPORT), at=at)

        text.refresh_from_db()
        assert (text.state, sms_outbox, delivery_log.may_send_again(text)) == (state, [], False)
        assert not AuditEntry.objects.filter(action="sms.send_again").exists()

    def test_twice_pressed_it_goes_out_once(self, at, sms_outbox, django_capture_on_commit_callbacks):
        text, by = text_in(DeliveryState.FAILED, at), staff(rules.SUPPORT)

        with django_capture_on_commit_callbacks(execute=True):
            delivery_log.send_again(text=text, by=by, at=at)
            with pytest.raises(delivery_log.NotToBeSentAgain):
                delivery_log.send_again(text=text, by=by, at=at)
        delivery.sweep()

        assert len(sms_outbox) == 1

    def test_to_who_died_since_nothing_goes(self, at, sms_outbox):
        text = text_in(DeliveryState.FAILED, at)
        Member.objects.filter(user=text.message.user).update(standing=Standing.ENDED, end_kind=EndKind.DECEASED, ended_on=at.date())

        with pytest.raises(delivery_log.KeptFromThem):
            delivery_log.send_again(text=text, by=staff(rules.SUPPORT), at=at)

        assert sms_outbox == []

    @pytest.mark.parametrize("role", [role for role in rules.ROLES if role not in (rules.SUPPORT, rules.ADMINISTRATOR)])
    def test_nobody_else_reads_or_sends(self, role, at):
        text, other = text_in(DeliveryState.FAILED, at), staff(role)

        with pytest.raises(NotAllowed):
            delivery_log.send_again(text=text, by=other, at=at)
        with pytest.raises(NotAllowed):
            delivery_log.open_entry(message=text.message, reader=other, at=at)

    def test_a_member_of_the_society_is_no_reader(self):
        assert not delivery_log.may_read(MemberFactory().user)
        assert not delivery_log.may_read(committee_member().member.user)
