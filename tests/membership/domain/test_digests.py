"""The reviewers' daily digest: what waits, is due today, is overdue; once on a working day, and nothing where nothing is due."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction

from membership import rules
from membership.accounts import roles
from membership.domain import digests, sweeping
from membership.enums import Hold
from membership.models import Application, ApplicationInstitution, Message, Recusal, User
from tests.factories import amendments
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.moments import moment
from tests.factories.people import MemberFactory, association_reviewer, freeze, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory
from tests.membership.domain.test_races import at_once

pytestmark = pytest.mark.django_db

# What began on 17 March is due with the association on the 24th, with the institutions on 8 April.
FILE_DUE, ROW_DUE = date(2026, 3, 24), date(2026, 4, 8)


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


def digest_of(reviewer) -> Message | None:
    return Message.objects.filter(user=reviewer, code=digests.DIGEST).order_by("-pk").first()


def sweep(day, hour=3):
    return sweeping.sweep(at=moment(day, hour))["digests"]


class TestWhatItSays:  # K-5
    def test_to_an_institutions_reviewers_what_waits_is_due_and_is_overdue_there(self, at, lung):
        reviewer, colleague = institution_reviewer(lung), institution_reviewer(lung, name="另一位")
        for _ in range(2):
            stories.deciding(at=at, institutions=[lung])
        stories.deciding(at=at - timedelta(days=1), institutions=[lung])
        stories.deciding(at=at + timedelta(days=2), institutions=[lung])

        sweep(ROW_DUE)

        for person in (reviewer, colleague):
            message = digest_of(person)
            assert message.title == "审核提醒：超期 1 份，今天到期 2 份"
            assert message.body.startswith("肺癌专业委员会：待审 4 份，超期 1 份，今天到期 2 份。")
            assert message.link == digests.ROWS_URL

    def test_to_the_association_each_of_its_lists(self, at, lung):
        reviewer = association_reviewer()
        stories.checking(at=at)
        stories.deciding(at=moment(date(2026, 3, 2)), institutions=[lung])

        sweep(FILE_DUE)

        message = digest_of(reviewer)
        assert message.title == "审核提醒：超期 1 份，今天到期 1 份"
        assert "入会：待审 1 份，今天到期 1 份" in message.body
        assert f"{digests.IN_THEIR_PLACE}：待审 1 份，超期 1 份" in message.body
        assert message.link == digests.EVERYTHING_URL

    def test_files_of_each_kind_stand_by_themselves(self, at):
        reviewer = association_reviewer()
        amendments.change(at=at, duty="主任")
        amendments.activation(at=at)

        sweep(FILE_DUE)

        assert digest_of(reviewer).body.startswith("原会员激活：待审 1 份，今天到期 1 份；资料变更：待审 1 份，今天到期 1 份。")

    def test_somebody_of_several_institutions_reads_each_by_name_what_is_due_first(self, at, lung):
        liver = InstitutionFactory(committee=True, name="肝癌专业委员会")
        reviewer = institution_reviewer(lung, liver)
        stories.deciding(at=at + timedelta(days=2), institutions=[lung])
        stories.deciding(at=at, institutions=[liver])

        sweep(ROW_DUE)

        assert digest_of(reviewer).body.startswith("肝癌专业委员会：待审 1 份，今天到期 1 份；肺癌专业委员会：待审 1 份。")

    def test_of_very_many_institutions_it_names_so_many_and_counts_the_rest(self, at):
        several = InstitutionFactory.create_batch(digests.MOST_LINES + 2, committee=True)
        reviewer = institution_reviewer(*several)
        row = stories.deciding(at=at, institutions=several[:1]).rows.get()
        ApplicationInstitution.objects.bulk_create(
            ApplicationInstitution(
                application=row.application, institution=one, member=row.member, state=row.state, state_since=at,
                first_submitted_on=row.first_submitted_on, due_on=ROW_DUE,
            )
            for one in several[1:]
        )  # fmt: skip

        sweep(ROW_DUE)

        assert "；另有 2 个机构。" in digest_of(reviewer).body

    def test_it_holds_no_name_and_goes_by_no_text_message(self, at, lung, sms_outbox):
        reviewer = institution_reviewer(lung)
        application = stories.deciding(at=at, name="沈砚秋", institutions=[lung])
        sms_outbox.clear()

        sweep(ROW_DUE)

        message = digest_of(reviewer)
        assert "沈砚秋" not in message.body and application.number not in message.body
        assert not message.deliveries.exists() and sms_outbox == []

    @pytest.mark.parametrize("url", [*digests.FILES_URLS.values(), digests.ROWS_URL, digests.EVERYTHING_URL])
    def test_it_leads_where_the_lists_are(self, url):
        roles.ensure_groups()

        assert client_of(association_reviewer()).get(url).status_code == 200


class TestWhoGetsOne:  # K-5, M-19, S-6, S-7
    def test_nobody_while_nothing_is_due(self, at, lung):
        institution_reviewer(lung)
        association_reviewer()
        stories.deciding(at=at, institutions=[lung])
        stories.checking(at=at)

        assert sweep(FILE_DUE - timedelta(days=1)).done == 0

    def test_another_institutions_reviewers_do_not(self, at, lung):
        other = institution_reviewer(InstitutionFactory(committee=True))
        institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])

        sweep(ROW_DUE)

        assert digest_of(other) is None

    def test_own_and_passed_on_cases_are_not_counted(self, at, lung):
        applicant, passed_on = institution_reviewer(lung), institution_reviewer(lung)
        colleague = institution_reviewer(lung)
        application = stories.deciding(at=at, user=applicant, institutions=[lung])
        Recusal.objects.create(application=application, reviewer=passed_on, reason="同事", recused_at=at)

        sweep(ROW_DUE)

        assert digest_of(applicant) is None and digest_of(passed_on) is None
        assert "待审 1 份" in digest_of(colleague).body

    def test_what_is_on_hold_is_not_counted(self, at, lung):  # M-16
        reviewer = institution_reviewer(lung)
        application = stories.deciding(at=at, institutions=[lung])
        Application.objects.filter(pk=application.pk).update(hold=Hold.FROZEN)

        sweep(ROW_DUE)

        assert digest_of(reviewer) is None

    def test_the_frozen_those_without_the_role_and_closed_accounts_do_not(self, at, lung):
        frozen, left, closed = (institution_reviewer(lung) for _ in "abc")
        freeze(MemberFactory(user=frozen), at=at)
        left.groups.clear()
        closed.is_active = False
        closed.save()
        others = [staff(role) for role in (rules.ADMINISTRATOR, rules.SUPPORT, rules.EDITOR)]
        stories.deciding(at=at, institutions=[lung])

        sweep(ROW_DUE)

        assert not any(digest_of(person) for person in (frozen, left, closed, *others))


class TestWhen:  # K-5
    def test_once_a_day_however_often_the_sweeper_comes_by(self, at, lung):
        reviewer = institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])

        done = [sweep(ROW_DUE, hour).done for hour in (0, 1, 9, 23)]

        assert done == [1, 0, 0, 0]
        assert Message.objects.filter(user=reviewer, code=digests.DIGEST).count() == 1

    def test_two_sweepers_at_once_send_one(self, at, lung):
        reviewer = institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])
        assert digests.to_send(ROW_DUE) == [reviewer.pk]

        for minute in (0, 1):
            digests.send(reviewer_id=reviewer.pk, at=moment(ROW_DUE, 3, minute))

        assert Message.objects.filter(user=reviewer, code=digests.DIGEST).count() == 1

    def test_again_the_next_day_while_it_is_overdue(self, at, lung):
        reviewer = institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])
        sweep(ROW_DUE)

        sweep(ROW_DUE + timedelta(days=1))

        assert digest_of(reviewer).title == "审核提醒：超期 1 份"

    def test_not_on_a_day_off_but_on_a_sunday_that_is_worked(self, at, lung):
        reviewer = institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])

        for day in (date(2026, 4, 11), date(2026, 10, 1)):
            assert sweep(day).done == 0
        sweep(date(2026, 9, 20))

        assert digest_of(reviewer) is not None

    def test_what_was_decided_since_it_was_looked_for_is_not_reminded_of(self, at, lung):
        reviewer = institution_reviewer(lung)
        application = stories.deciding(at=at, institutions=[lung])
        stories.refuse_row(application.rows.get(), at=at)

        assert digests.send(reviewer_id=reviewer.pk, at=moment(ROW_DUE)) is None


@contextmanager
def held(reviewer: User):
    """Hold the lock of a reviewer's account, which whoever sends a digest takes first."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=reviewer.pk)
        yield


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtOnce:  # K-5
    def test_two_sweepers_in_the_same_moment_send_one(self, at, lung):
        reviewer = institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])

        sent = at_once(held(reviewer), *(lambda: digests.send(reviewer_id=reviewer.pk, at=moment(ROW_DUE)) for _ in "ab"))

        assert sorted(one is None for one in sent) == [False, True]
        assert Message.objects.filter(user=reviewer, code=digests.DIGEST).count() == 1
