"""Decisions through the pages: what is pressed, what follows, and what is refused with which words."""

from datetime import timedelta

import pytest

from membership import working_days
from membership.domain import deadlines, enrolment, rows
from membership.enums import ApplicationState, Basis, Outcome, RowState, Standing, Verdict
from membership.models import Application, Decision, Dossier, Message
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory, ReviewReasonFactory
from tests.membership.review.pages import decide, screen_of, url_of

pytestmark = pytest.mark.django_db

APPROVED, REFUSED, NOT_ACCEPTED = Verdict.APPROVED, Verdict.REFUSED, Verdict.NOT_ACCEPTED


@pytest.fixture
def reviewer():
    return association_reviewer()


def errors_on(response) -> list[str]:
    """Return what the bar says was wrong."""
    assert response.status_code == 200
    return [error for errors in response.context["form"].errors.values() for error in errors]


class TestAssociation:  # REV-2, REV-3, B1
    def test_approval_sends_the_file_to_its_institutions(self, reviewer, at):
        application = stories.checking(at=at)

        response = decide(reviewer, application, APPROVED)

        application.refresh_from_db()
        assert response.status_code == 302
        assert application.state == ApplicationState.DECIDING
        assert [row.state for row in application.rows.all()] == [RowState.PENDING]
        assert application.decisions.get().decided_by == reviewer

    def test_the_next_one_of_the_queue_follows_with_word_of_what_was_done(self, reviewer, at):
        first, second = stories.checking(at=at, name="先到"), stories.checking(at=at + timedelta(days=1), name="后到")

        response = client_of(reviewer).post(
            url_of(first, "decide"), {"dossier": first.proposed_dossier_id, "round": 1, "verdict": APPROVED}, follow=True
        )

        assert response.redirect_chain[-1][0] == url_of(second)
        assert f"审批通过：先到（{first.number}）。下面是下一份。" in response.content.decode()

    def test_after_the_last_one_comes_the_list(self, reviewer, at):
        response = decide(reviewer, stories.checking(at=at), APPROVED)

        assert response.headers["Location"] == "/admin/review/enrolments/"

    def test_a_refusal_tells_the_applicant_picked_reasons_and_own_words(self, reviewer, at):
        application = stories.checking(at=at)
        unclear, incomplete = ReviewReasonFactory(stamped_form=True), ReviewReasonFactory()

        decide(
            reviewer,
            application,
            REFUSED,
            reasons=[unclear.pk, incomplete.pk],
            reason="请写明病区",
            fields_concerned=["department", "portrait"],
        )

        application.refresh_from_db()
        decision = application.decisions.get()
        assert application.state == ApplicationState.RETURNED
        assert decision.reason == "信息填写不完整；盖章不清晰；请写明病区"
        assert decision.fields == ["department", "portrait"]
        assert set(decision.reasons.all()) == {unclear, incomplete}
        assert "信息填写不完整；盖章不清晰；请写明病区" in Message.objects.get(code="file-refused").body

    def test_a_refusal_may_spare_the_applicant_a_new_stamp(self, reviewer, at):  # E-4
        application = stories.checking(at=at)

        decide(reviewer, application, REFUSED, reason="单位电话有误", waives_stamp="on")

        assert application.decisions.get().waives_stamp
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"address": "海河东路 1 号"}, at=at)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)
        assert Application.objects.get(pk=application.pk).state == ApplicationState.CHECKING

    def test_a_refusal_without_a_reason_is_none_and_loses_nothing(self, reviewer, at):
        application = stories.checking(at=at)

        response = decide(reviewer, application, REFUSED, fields_concerned=["title"], waives_stamp="on")

        assert errors_on(response) == ["请选择或填写审批不通过的原因，申请人会看到"]
        assert response.context["form"].picked_fields == ["title"]
        assert not Decision.objects.exists()
        assert Application.objects.get(pk=application.pk).state == ApplicationState.CHECKING

    def test_reasons_that_fill_pages_are_refused_with_the_figure(self, reviewer, at):
        picked = [ReviewReasonFactory(code=f"long-{number}", text=f"{number}".ljust(190, "详")).pk for number in range(10)]

        response = decide(reviewer, stories.checking(at=at), REFUSED, reasons=picked, reason="补充" * 100)

        assert errors_on(response) == ["原因合计最多 2000 字，现在是 2110 字"]

    def test_approval_with_a_reason_ticked_is_asked_about(self, reviewer, at):
        application = stories.checking(at=at)

        response = decide(reviewer, application, APPROVED, reasons=[ReviewReasonFactory().pk])

        assert "勾选了不通过的原因" in errors_on(response)[0]
        assert not Decision.objects.exists()

    def test_a_reason_of_another_kind_of_application_is_no_choice(self, reviewer, at):
        foreign = ReviewReasonFactory(code="change-only", text="缺少变更证明", for_enrolment=False, for_activation=False, for_upgrade=False)

        response = decide(reviewer, stories.checking(at=at), REFUSED, reasons=[foreign.pk], reason="x")

        assert errors_on(response)
        assert not Decision.objects.exists()

    def test_a_file_that_rests_on_nothing_is_not_approved(self, reviewer, at):  # E-2
        application = stories.checking(at=at)
        Application.objects.filter(pk=application.pk).update(basis=[])

        assert "没有单位盖章" in errors_on(decide(reviewer, application, APPROVED))[0]

    def test_the_end_of_a_file_is_possible_from_the_third_round_or_for_who_is_not_eligible(self, reviewer, at):
        application = stories.checking(at=at)

        early = decide(reviewer, application, NOT_ACCEPTED, reason="非肿瘤相关专业")
        assert errors_on(early) == ["第 3 轮起才能不予受理；不符合入会条件的除外。"]
        decide(reviewer, application, NOT_ACCEPTED, reason="非肿瘤相关专业", is_ineligible="on")

        application.refresh_from_db()
        assert (application.state, application.outcome) == (ApplicationState.CLOSED, Outcome.NOT_ACCEPTED)

    @pytest.mark.parametrize("verdict", ["", "maybe", "approve"])
    def test_a_verdict_nobody_knows_decides_nothing(self, reviewer, at, verdict):
        assert errors_on(decide(reviewer, stories.checking(at=at), verdict))
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("reason", ["<script>alert(1)</script>", "理由" * 501, "含\x00空"])
    def test_odd_reasons_are_kept_as_text_or_refused(self, reviewer, at, reason):
        application = stories.checking(at=at)

        response = decide(reviewer, application, REFUSED, reason=reason)

        if response.status_code == 302:
            assert application.decisions.get().reason == reason
            assert "<script>alert(1)" not in screen_of(reviewer, application).content.decode()
        else:
            assert errors_on(response)


class TestAtOnceAndTooLate:  # REV-5, D-4
    def test_the_second_reviewer_reads_who_was_faster_and_when(self, reviewer, at):
        application = stories.checking(at=at)
        shown = {"dossier": application.proposed_dossier_id, "round": 1}
        stories.refuse_file(application, at=at, reviewer=association_reviewer("赵老师"))

        response = decide(reviewer, application, APPROVED, **shown)

        page = response.content.decode()
        assert "赵老师 已于 2026-03-17 10:00 作出决定：审批不通过。您的操作没有生效。" in page
        assert Decision.objects.count() == 1

    def test_what_the_second_reviewer_wrote_stands_above_the_case_with_the_way_on(self, reviewer, at):
        first, other = stories.checking(at=at), stories.checking(at=at)
        stories.approve_file(first, at=at)

        page = decide(reviewer, first, "refused", reason="盖章看不清楚").content.decode()

        notice, _, case = page.partition('class="case__data"')
        assert "您的操作没有生效" in notice and "盖章看不清楚" in notice and url_of(other, "open") in notice
        assert "您的操作没有生效" not in case

    def test_pressing_twice_decides_once(self, reviewer, at):
        application = stories.checking(at=at)
        shown = {"dossier": application.proposed_dossier_id, "round": 1}
        decide(reviewer, application, APPROVED, **shown)

        response = decide(reviewer, application, APPROVED, **shown)

        assert "您的操作没有生效" in response.content.decode()
        assert Decision.objects.count() == 1
        assert Message.objects.filter(code="file-approved").count() == 1

    def test_a_screen_that_showed_another_version_decides_nothing(self, reviewer, at):
        application = stories.returned(at=at)
        seen = application.proposed_dossier_id
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"specialty": "胸外科"}, at=at)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)
        stories.stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.STAMP], at=at)

        response = decide(reviewer, Application.objects.get(pk=application.pk), APPROVED, dossier=seen)

        assert errors_on(response) == ["资料已更新，请重新查看。"]
        # The page that comes back shows the present version, so that the next press is about it.
        assert response.context["screen"].dossier == Application.objects.get(pk=application.pk).proposed_dossier_id

    @pytest.mark.parametrize("dossier", ["", "0", "x", "another's"])
    def test_a_dossier_that_is_not_this_persons_decides_nothing(self, reviewer, at, dossier):
        application = stories.checking(at=at)
        if dossier == "another's":
            dossier = str(stories.checking(at=at).proposed_dossier_id)

        assert errors_on(decide(reviewer, application, APPROVED, dossier=dossier)) == ["资料已更新，请重新查看。"]
        assert not Decision.objects.exists()

    def test_a_row_resubmitted_meanwhile_is_not_decided_on_the_old_screen(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        colleague, second = institution_reviewer(lung, name="钱老师"), institution_reviewer(lung)
        application = stories.deciding(at=at, institutions=[lung, liver])
        row = application.rows.get(institution=lung)
        stories.refuse_row(row, at=at, reviewer=colleague)
        rows.resubmit_row(row=row, person=application.member.user, statement="已补充", at=at)
        row.refresh_from_db()

        response = decide(second, row, APPROVED, round=1)

        assert "钱老师 已于" in response.content.decode()
        assert row.decisions.count() == 1

    def test_what_the_applicant_withdrew_is_not_decided(self, reviewer, at):
        application = stories.checking(at=at)
        enrolment.withdraw(application=application, person=application.member.user, at=at)

        response = decide(reviewer, application, APPROVED)

        assert "目前状态为「已撤销」" in response.content.decode()
        assert Dossier.objects.get(pk=application.proposed_dossier_id).decisions.count() == 0


class TestInstitution:  # REV-3, A-5, A-6
    @pytest.fixture
    def lung(self):
        return InstitutionFactory(committee=True, name="肺癌专业委员会")

    @pytest.fixture
    def of_lung(self, lung):
        return institution_reviewer(lung)

    def test_the_first_approval_makes_a_member(self, at, lung, of_lung):
        application = stories.deciding(at=at, institutions=[lung])

        decide(of_lung, application.rows.get(), APPROVED)

        member = Application.objects.get(pk=application.pk).member
        assert member.standing == Standing.MEMBER
        assert member.affiliations.get().institution == lung

    def test_a_refusal_closes_its_own_row_alone(self, at, lung, of_lung):
        application = stories.deciding(at=at, institutions=[lung, InstitutionFactory(committee=True)])
        row = application.rows.get(institution=lung)

        decide(of_lung, row, REFUSED, reason="专业方向不符")

        row.refresh_from_db()
        assert row.state == RowState.REFUSED
        assert Application.objects.get(pk=application.pk).state == ApplicationState.DECIDING

    def test_an_institution_ends_no_file(self, at, lung, of_lung):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()

        assert errors_on(decide(of_lung, row, NOT_ACCEPTED, reason="x", is_ineligible="on"))
        assert not row.decisions.exists()

    def test_fields_the_institution_does_not_see_are_no_choice_for_it(self, at, lung, of_lung):  # S-3
        row = stories.deciding(at=at, institutions=[lung]).rows.get()

        assert errors_on(decide(of_lung, row, REFUSED, reason="x", fields_concerned=["email"]))
        decide(of_lung, row, REFUSED, reason="x", fields_concerned=["title"])

        assert row.decisions.get().fields == ["title"]

    def test_the_association_decides_for_an_institution_without_reviewers(self, reviewer, at):  # K-7
        row = stories.deciding(at=at).rows.get()

        decide(reviewer, row, APPROVED)

        decision = row.decisions.get()
        assert (decision.verdict, decision.on_behalf) == (Verdict.APPROVED, False)

    def test_not_for_one_that_has_reviewers_and_time(self, reviewer, at, lung, of_lung):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()

        response = decide(reviewer, row, APPROVED)

        assert "这份申请现在不由您审核。" in response.content.decode()
        assert not row.decisions.exists()

    def test_long_overdue_it_decides_in_the_institutions_place_with_a_reason(self, reviewer, clock, at, lung, of_lung):  # K-6
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        clock.now = at + (working_days.add(row.due_on, 5, deadlines.calendar()) - at.date())
        assert "代为决定" in screen_of(reviewer, row).content.decode()

        assert errors_on(decide(reviewer, row, APPROVED)) == ["代为决定须写明原因，申请人会看到"]
        decide(reviewer, row, APPROVED, reason="机构逾期未审")

        decision = row.decisions.get()
        assert (decision.on_behalf, decision.reason) == (True, "机构逾期未审")

    def test_the_institution_that_was_faster_after_all_is_named(self, reviewer, clock, at, lung, of_lung):
        row = stories.deciding(at=at, institutions=[lung]).rows.get()
        clock.now = at + (working_days.add(row.due_on, 5, deadlines.calendar()) - at.date())
        stories.approve_row(row, at=clock.now, reviewer=of_lung)

        response = decide(reviewer, row, REFUSED, reason="逾期")

        assert "王老师 已于" in response.content.decode()
        assert row.decisions.count() == 1
