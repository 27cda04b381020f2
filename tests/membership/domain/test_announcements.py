"""What people are told: one message an act, one text at most, nothing after a rollback, nothing to the dead."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from membership import rules
from membership.domain import (
    affiliations,
    announcements,
    dossiers,
    due_dates,
    endings,
    endorsements,
    enrolment,
    feedback,
    further_enrolment,
    message_texts,
    recycled_numbers,
    reports,
    review,
    rows,
    seats,
    stamped_forms,
    sweeping,
    work_unit_requests,
)
from membership.domain.announcements import WORDINGS, announce
from membership.domain.further_enrolment import Choice
from membership.enums import Basis, DeliveryState, EndKind, Standing
from membership.models import Application, CalendarDay, Delivery, Freeze, Member, Message, MessageTemplate
from membership.outbox import delivery
from membership.outbox.sms import locmem
from membership.outbox.sms.base import Backend, SMSNotSent, TextMessage
from tests.factories import amendments as amendment_stories
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import (
    MemberFactory,
    UserFactory,
    active_member,
    association_reviewer,
    committee_member,
    freeze,
    institution_reviewer,
    staff,
)
from tests.factories.reference import InstitutionFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 17)


class RefusingBackend(Backend):
    """A provider that takes nothing."""

    def send(self, message: TextMessage) -> str:
        raise SMSNotSent("throttled")


def fresh(application):
    return Application.objects.get(pk=application.pk)


def end(member, kind):
    Member.objects.filter(pk=member.pk).update(standing=Standing.ENDED, end_kind=kind, ended_on=TODAY)


GONE = {
    "deceased": lambda member: end(member, EndKind.DECEASED),
    "anonymised": lambda member: Member.objects.filter(pk=member.pk).update(standing=Standing.ANONYMISED),
}


class TestOneAct:  # S-9, UI-4
    def news(self, user, act):
        """Return the codes and the number of texts that an act brings a person."""
        before = set(Message.objects.values_list("pk", flat=True))
        act()
        new = Message.objects.filter(user=user).exclude(pk__in=before)
        return [message.code for message in new], Delivery.objects.filter(message__in=new).count()

    def test_submitting_is_told_on_the_site_alone(self, at):
        application = stories.draft(at=at)
        person = application.member.user

        told = self.news(person, lambda: enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at))

        assert told == (["enrolment-submitted"], 0)

    def test_a_committee_member_gets_a_message_and_a_text(self, at):
        seat = committee_member()

        assert self.news(seat.member.user, lambda: stories.submitted(at=at, referral=stories.referred_by(seat))) == (
            ["endorsement-asked"],
            1,
        )

    def test_a_refusal_that_moves_the_file_on_is_one_message(self, at):
        application = stories.endorsing(at=at, basis=[Basis.STAMP])
        endorsement = application.endorsements.get()

        told = self.news(
            application.member.user,
            lambda: endorsements.decline(endorsement=endorsement, person=endorsement.seat.member.user, reason_public="不熟悉", at=at),
        )

        assert told == (["endorsement-declined"], 1)

    def test_a_first_approval_that_closes_the_file_is_one_message(self, at):
        application = stories.deciding(at=at)

        assert self.news(application.member.user, lambda: stories.approve_row(application.rows.get(), at=at)) == (["row-approved-first"], 1)

    def test_a_withdrawal_tells_the_applicant_nothing_they_do_not_know(self, at):
        application = stories.deciding(at=at)
        person = application.member.user

        assert self.news(person, lambda: enrolment.withdraw(application=application, person=person, at=at)) == ([], 0)

    def test_the_same_event_of_two_rows_at_one_moment_is_two_messages(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(3, committee=True))
        first, second, _ = application.rows.order_by("pk")

        for row in (first, second):
            stories.refuse_row(row, at=at)

        assert Message.objects.filter(user=application.member.user, code="row-refused").count() == 2


class TestOnCommit:  # S-9, UI-8
    def test_a_text_leaves_when_the_act_is_certain(self, at, sms_outbox, django_capture_on_commit_callbacks):
        seat = committee_member()
        with django_capture_on_commit_callbacks(execute=True):
            stories.submitted(at=at, referral=stories.referred_by(seat))
            assert sms_outbox == []

        assert [(text.phone, "沈砚秋申请入会" in text.text) for text in sms_outbox] == [(str(seat.member.user.phone), True)]

    def test_a_rollback_tells_nobody_anything(self, at, sms_outbox, django_capture_on_commit_callbacks):
        application = stories.deciding(at=at)
        row = application.rows.get()
        known = Message.objects.count()

        with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(RuntimeError), transaction.atomic():
            stories.approve_row(row, at=at)
            raise RuntimeError

        assert (callbacks, sms_outbox, Message.objects.count()) == ([], [], known)

    def test_a_refused_act_tells_nobody_anything(self, at):
        application = stories.deciding(at=at)
        known = Message.objects.count()

        with pytest.raises(review.ReasonMissing):
            stories.refuse_row(application.rows.get(), at=at, reason="")

        assert Message.objects.count() == known


class TestTheDead:  # M-15, S-10: no message and no text of any event, whenever they died
    FACTS = dict.fromkeys(message_texts.PLACEHOLDERS, "x")

    def tell(self, code, user, application, at):
        return announce(code, user, at=at, application=application, **self.FACTS)

    @pytest.mark.parametrize("code", WORDINGS)
    @pytest.mark.parametrize("gone", ["deceased", "anonymised"])
    def test_hear_nothing_of_any_event_of_their_own_application(self, code, gone, at):
        application = stories.submitted(at=at)
        person = application.member.user
        before = self.tell(code, person, application, at - timedelta(days=1))
        GONE[gone](application.member)
        told = Message.objects.count()

        assert self.tell(code, person, application, at) is None
        assert self.tell(code, person, None, at) is None
        assert Message.objects.count() == told
        for text in before.deliveries.all():
            assert delivery.deliver.call(text.pk) == DeliveryState.SUPPRESSED
        assert locmem.outbox == []


class TestOneText:  # S-9, UI-8: at most one text message an event
    @pytest.mark.parametrize("code", WORDINGS)
    def test_each_event_writes_one_message_and_one_text_at_most(self, code, at, django_capture_on_commit_callbacks, sms_outbox):
        application = stories.submitted(at=at)
        Message.objects.all().delete()

        with django_capture_on_commit_callbacks(execute=True):
            announce(code, application.member.user, at=at, application=application, **TestTheDead.FACTS)
        delivery.sweep()
        for text in Delivery.objects.all():
            delivery.deliver.call(text.pk)

        assert Message.objects.count() == 1
        assert Delivery.objects.count() == len(sms_outbox) == bool(WORDINGS[code].sms)

    def test_a_second_way_out_by_text_cannot_be_written(self, at):
        seat = committee_member()
        stories.submitted(at=at, referral=stories.referred_by(seat))
        text = Delivery.objects.get(message__user=seat.member.user)

        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(message=text.message, channel=text.channel, queued_at=at)

    def test_one_act_cannot_be_told_twice(self, at):
        application = stories.submitted(at=at)

        with pytest.raises(IntegrityError), transaction.atomic():
            announce("enrolment-submitted", application.member.user, at=at, application=application)


class TestSending:  # UI-8, S-10, M-15
    def queued(self, at, user=None, application=None):
        """Return a text on its way to a committee member."""
        application = application or stories.submitted(at=at)
        user = user or committee_member().member.user
        announce("endorsement-asked", user, at=at, application=application, applicant="沈砚秋", due=TODAY)
        return Delivery.objects.filter(message__user=user).latest("pk")

    def test_a_text_is_sent_once_however_often_the_worker_is_asked(self, at, sms_outbox):
        text = self.queued(at)

        states = [delivery.deliver.call(text.pk), delivery.deliver.call(text.pk)]

        assert (states, len(sms_outbox)) == ([DeliveryState.ACCEPTED, "not queued"], 1)

    def test_a_provider_that_refuses_is_asked_again_three_times_in_all(self, at, settings):
        settings.SMS_BACKEND = f"{__name__}.RefusingBackend"
        text = self.queued(at)

        states = [delivery.deliver.call(text.pk) for _ in range(3)]

        assert states == [DeliveryState.QUEUED, DeliveryState.QUEUED, DeliveryState.FAILED]
        text.refresh_from_db()
        assert (text.attempts, text.error) == (3, "throttled")

    def test_who_died_after_it_was_queued_gets_nothing(self, at, sms_outbox):
        seat = committee_member()
        text = self.queued(at, seat.member.user)
        end(seat.member, EndKind.DECEASED)

        assert delivery.deliver.call(text.pk) == DeliveryState.SUPPRESSED
        assert sms_outbox == []

    def test_who_has_died_is_not_even_written_to(self, at):
        member = active_member()
        end(member, EndKind.DECEASED)

        assert announce("endorsement-asked", member.user, at=at, application=stories.submitted(at=at), applicant="x", due=TODAY) is None
        assert not Message.objects.filter(user=member.user).exists()

    def test_nor_is_the_anonymised(self, at):
        application = stories.submitted(at=at)
        Member.objects.filter(pk=application.member_id).update(standing=Standing.ANONYMISED)

        assert announce("file-expired", application.member.user, at=at, application=application) is None

    @pytest.mark.parametrize("kind", [EndKind.WITHDRAWN, EndKind.EXPELLED])
    def test_who_left_hears_of_an_application_of_their_own_and_of_nothing_else(self, at, kind):
        application = stories.checking(at=at)
        person = application.member.user
        others = self.queued(at, person, stories.submitted(at=at))  # as a committee member once
        end(application.member, kind)
        stories.refuse_file(fresh(application), at=at)
        own = Delivery.objects.get(message__code="file-refused")

        assert delivery.deliver.call(own.pk) == DeliveryState.ACCEPTED
        assert delivery.deliver.call(others.pk) == DeliveryState.SUPPRESSED
        assert announce("endorsement-asked", person, at=at, application=stories.submitted(at=at), applicant="x", due=TODAY) is None

    def test_the_frozen_hear_of_an_application_of_their_own_and_of_nothing_else(self, at):
        seat = committee_member()
        queued = self.queued(at, seat.member.user)
        own = stories.submitted(at=at)
        freeze(seat.member, at=at)
        freeze(own.member, at=at)

        assert delivery.deliver.call(queued.pk) == DeliveryState.SUPPRESSED
        assert announce("endorsement-dropped", seat.member.user, at=at, application=own, applicant="x") is None
        assert announce("file-expired", own.member.user, at=at, application=own) is not None

    def test_who_was_unfrozen_hears_everything_again(self, at):
        seat = committee_member()
        freeze(seat.member, at=at)
        Freeze.objects.update(ended_at=at)

        assert delivery.deliver.call(self.queued(at, seat.member.user).pk) == DeliveryState.ACCEPTED

    @pytest.mark.parametrize("kind", [EndKind.WITHDRAWN, EndKind.EXPELLED])
    def test_what_concerns_the_account_reaches_who_left_too(self, at, kind):
        member = active_member()
        end(member, kind)

        assert announce("phone-released", member.user, at=at, application=None, on=TODAY) is not None

    def test_without_a_phone_or_with_a_closed_account_nothing_is_sent(self, at):
        seats = committee_member(), committee_member()
        texts = [self.queued(at, seat.member.user) for seat in seats]
        no_phone, closed = (seat.member.user for seat in seats)
        no_phone.phone = None
        no_phone.save()
        closed.is_active = False
        closed.save()

        assert {delivery.deliver.call(text.pk) for text in texts} == {DeliveryState.SUPPRESSED}

    def test_a_person_without_account_is_told_nothing(self, at):
        application = stories.submitted(at=at)

        assert announce("file-expired", None, at=at, application=application) is None
        assert MemberFactory(user=None).user is None


class TestWording:  # UI-8
    def tell(self, at, **facts):
        application = stories.submitted(at=at)
        return announce("form-reminder", application.member.user, at=at, application=application, **facts)

    def edit(self, **texts):
        MessageTemplate.objects.create(code="form-reminder", **{"title": "标题", "body": "正文", **texts})

    def test_what_staff_wrote_outranks_what_was_delivered(self, at):
        self.edit(title="请交表 {number}", body="到 {expires} 为止", sms="请交表")

        message = self.tell(at, expires=date(2026, 5, 16))

        assert (message.title, message.body) == (f"请交表 {message.application.number}", "到 2026-05-16 为止")
        assert message.deliveries.get().text == "请交表"
        assert message.link == WORDINGS["form-reminder"].link

    def test_without_a_text_from_staff_none_is_sent(self, at):
        self.edit(sms="")

        assert not self.tell(at, expires=TODAY).deliveries.exists()

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("您好 {姓名}{unknown}！", "您好 ！"),
            ("{", "{"),
            ("{}", "{}"),
            ("{expires!r} {expires.year} {0}", "{expires!r} {expires.year} "),
            ("100 % {{expires}}", "100 % {2026-05-16}"),
        ],
    )
    def test_whatever_staff_typed_the_act_goes_on(self, at, written, read):
        self.edit(body=written)

        assert self.tell(at, expires=date(2026, 5, 16)).body == read

    def test_what_a_person_typed_is_text_not_a_pattern(self, at):
        application = stories.submitted(at=at)

        message = announce(
            "file-refused", application.member.user, at=at, application=application, reason="见 {number} <b>x</b>", expires=TODAY
        )

        assert "见 {number} <b>x</b>" in message.body

    def test_the_longest_name_breaks_nothing(self, at):
        institution = InstitutionFactory(name="某" * 120)
        application = stories.deciding(at=at, institutions=[institution, InstitutionFactory()])

        stories.refuse_row(application.rows.get(institution=institution), at=at, reason="因" * 2000)

        message = Message.objects.get(code="row-refused")
        assert (len(message.title), len(message.body)) == (120, 2000)

    def test_an_event_nobody_worded_is_the_programmers_fault(self, at):
        application = stories.submitted(at=at)

        with pytest.raises(KeyError):
            announce("no-such-event", application.member.user, at=at, application=application)


class TestEveryEvent:  # UI-4: each wording is filled by the act that sends it
    @pytest.fixture
    def society(self, at):
        """Let everything happen once."""
        self.referrers_answer(at)
        self.association_speaks(at)
        self.institutions_speak(at)
        self.time_passes(at)
        self.support_answers(at)
        self.support_answers_about_units(at)
        self.seats_come_and_go(at)
        self.members_come_and_go(at)
        amendment_stories.approve(amendment_stories.activation(at=at), at=at)
        amendment_stories.approve(amendment_stories.change(at=at, duty="主任"), at=at)
        owner = UserFactory()
        recycled_numbers.release(user=owner, entered_at=owner.last_login, at=at)

    def referrers_answer(self, at):
        for act in ("agree", "decline", "void", "time_out"):
            application = stories.endorsing(at=at)
            endorsement = application.endorsements.get()
            own = {"endorsement": endorsement, "person": endorsement.seat.member.user}
            if act == "agree":
                endorsements.agree(**own, at=at)
            elif act == "decline":
                endorsements.decline(**own, reason_public="不熟悉", at=at)
            elif act == "void":
                endorsements.void(endorsement=endorsement, at=at)
            else:
                endorsements.time_out(endorsement=endorsement, at=moment(date(2026, 4, 1)))
        dropped = stories.submitted(at=at, referral=stories.referred_by(committee_member()))
        enrolment.recall(application=dropped, person=dropped.member.user, at=at)

    def association_speaks(self, at):
        stories.returned(at=at)
        ineligible = stories.checking(at=at)
        review.not_accept_file(
            application=ineligible,
            dossier=dossiers.latest_sealed(ineligible),
            reviewer=association_reviewer(),
            at=at,
            reason="不符合入会条件",
            is_ineligible=True,
        )

    def institutions_speak(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(4, committee=True))
        first, second, third, fourth = application.rows.order_by("pk")
        stories.approve_row(first, at=at)
        stories.approve_row(second, at=at)
        stories.refuse_row(third, at=at)
        rows.resubmit_row(row=third, person=application.member.user, statement="补充", at=at)
        society_settings(max_committees=2)
        with pytest.raises(stories.review.limits.LimitReached):
            stories.approve_row(fourth, at=at)
        alone = stories.deciding(at=at)
        stories.refuse_row(alone.rows.get(), at=at)
        reported = stories.deciding(at=at).rows.get()
        reports.report(row=reported, reviewer=institution_reviewer(reported.institution), text="资质证书编号查不到，疑似伪造", at=at)
        reports.dismiss(row=reported, reviewer=association_reviewer(), answer="已核实，证书真实有效", at=at)

    def time_passes(self, at):
        institution_reviewer(stories.deciding(at=at).rows.get().institution)
        stories.submitted(at=at)
        due_dates.note_calendar(at=at)
        CalendarDay.objects.create(date=TODAY + timedelta(days=1))
        due_dates.follow_calendar(by=None, at=at + timedelta(hours=1))
        sweeping.sweep(at=moment(TODAY + timedelta(days=1)))
        sweeping.sweep(at=moment(TODAY + timedelta(days=35)))
        endings.expire(application=stories.submitted(at=at), at=at + timedelta(days=60))

    def members_come_and_go(self, at):
        member = stories.approved(at=at).member
        wanted = InstitutionFactory(committee=True)
        asked = further_enrolment.submit(person=member.user, choice=Choice((wanted,)), is_still_true=True, at=at)
        stories.approve_row(asked.rows.get(), at=at)
        for held in member.affiliations.order_by("pk"):
            affiliations.give_up(affiliation=held, person=member.user, at=at, ends_membership=True)

    def support_answers(self, at):
        entry = feedback.send_feedback(person=UserFactory(), category="other", text="看不清", at=at)
        colleague = staff(rules.SUPPORT)
        feedback.answer(feedback=entry, person=colleague, text="请放大", seen=None, at=at)
        feedback.answer(feedback=entry, person=colleague, text="请用两根手指放大", seen=at, at=at + timedelta(days=1))

    def support_answers_about_units(self, at):
        own = {"person": staff(rules.SUPPORT), "at": at}
        first, second, third = (
            work_unit_requests.request_unit(person=UserFactory(), name=name, at=at) for name in ("甲院", "乙院", "丙院")
        )
        work_unit_requests.add_unit(request=first, name="甲医院", kind="other", province=None, **own)
        work_unit_requests.name_unit(request=second, unit=WorkUnitFactory(), **own)
        work_unit_requests.decline(request=third, answer="不是单位", **own)

    def seats_come_and_go(self, at):
        own = {"by": staff(rules.ADMINISTRATOR), "at": at}
        terms = {"role": "member", "starts_on": TODAY - timedelta(days=9), "ends_on": TODAY + timedelta(days=300)}
        kept, mistaken = (seats.give(member=active_member(), committee=InstitutionFactory(committee=True), **terms, **own) for _ in "ab")
        seats.change(seat=kept, **{**terms, "role": "chair"}, **own)
        seats.end(seat=kept, last_day=TODAY, **own)
        seats.remove(seat=mistaken, **own)
        committee_member(ends_on=TODAY + timedelta(days=20))
        sweeping.sweep(at=at)

    def test_is_told_once_at_least_with_every_place_filled(self, society):
        assert set(Message.objects.values_list("code", flat=True)) == set(WORDINGS)
        for message in Message.objects.prefetch_related("deliveries"):
            wording = WORDINGS[message.code]
            assert self.fits(message.title, wording.title), message.code
            assert self.fits(message.body, wording.body), message.code
            for text in message.deliveries.all():
                assert self.fits(text.text, wording.sms), message.code

    def fits(self, told, pattern):
        """Whether a text is its pattern with something in every place."""
        return re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(pattern)), told, re.DOTALL) is not None

    def test_no_text_is_longer_than_two_short_messages(self):
        for code, wording in WORDINGS.items():
            assert len(wording.sms) <= 130, code

    def test_no_text_signs_itself_since_the_provider_does(self):
        assert not any("中国抗癌协会" in wording.sms for wording in WORDINGS.values())

    def test_the_placeholders_are_plain_names(self):
        for wording in WORDINGS.values():
            for text in (wording.title, wording.body, wording.sms):
                assert announcements.PLACEHOLDER.sub("", text).count("{") == 0


class TestTwoStepsAtOneMoment:  # S-9
    def test_a_form_signed_by_hand_tells_applicant_and_referrer_once_each(self, at):
        seat = committee_member()
        application = stories.submitted(at=at, referral=stories.referred_by(seat))

        stamped_forms.upload(application=application, person=application.member.user, scan=stories.scan(), basis=[Basis.SIGNATURE], at=at)

        assert Message.objects.filter(user=seat.member.user).values_list("code", flat=True).count() == 2
        assert Message.objects.filter(user=application.member.user, code="file-arrived").count() == 1
