"""The member centre: whose turn it is, until when, what to do now, in every state a person can be in."""

from datetime import date, timedelta

import pytest

from membership.domain import dossiers, endings, endorsements, enrolment, member_centre, own_records, review, rows, stamped_forms, todo
from membership.domain.member_centre import Overview
from membership.enums import AffiliationEnd, ApplicationState, Basis, EndKind, Hold, MemberType, Standing
from membership.models import Affiliation, Application, ApplicationInstitution, Freeze, LegacyMember, Member, Reopening, User, Violation
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer, committee_member
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


def centre(application: Application, at) -> Overview:
    return member_centre.overview(application.member.user, at=at)


def steps(shown: Overview) -> str:
    """Return the six steps as ✓, the present one's number, and dots."""
    marks = {"done": "✓", "later": "·"}
    return "".join(marks.get(step.state, str(number)) for number, step in enumerate(shown.steps, start=1))


def buttons(shown: Overview) -> list[tuple[str, str]]:
    return [(action.label, action.url_name) for action in shown.turn.actions]


def offers(shown: Overview) -> list[str]:
    return [offer.action.label for offer in shown.offers if offer.action]


def words(shown: Overview) -> list[tuple[str, str]]:
    return [(line.status.word, line.status.kind) for line in shown.rows]


def freeze(member: Member, at, reason: str = "所附证明与出具单位核实不符") -> None:
    staff = association_reviewer()
    violation = Violation.objects.create(member=member, text="核实不符的详细情况", recorded_by=staff, recorded_at=at)
    Freeze.objects.create(member=member, violation=violation, reason=reason, frozen_by=staff, started_at=at)


class TestBeforeTheSubmission:  # UI-2, UI-3
    def test_a_bare_account_reads_where_to_begin_and_the_six_steps_ahead(self, at):
        user = UserFactory(phone="+8618800000002")

        shown = member_centre.overview(user, at=at)

        assert (shown.identity.name, shown.identity.phone) == ("", "188****0002")
        assert buttons(shown) == [("申请会员", "member_apply")]
        assert [step.label for step in shown.steps] == ["填写", "打印盖章", "上传", "协会审核", "各机构审核", "证书"]
        assert steps(shown) == "······"
        assert shown.rows == shown.rounds == shown.tasks == ()

    def test_a_draft_waits_for_its_person_and_says_how_much_is_missing(self, at):
        application = stories.draft(at=at)
        enrolment.save_draft(application=application, person=application.member.user, answers={"email": "", "duty": ""}, at=at)

        shown = centre(application, at)

        assert shown.turn.headline == "轮到您了：继续填写并提交"
        assert "还有 2 项没有填好" in shown.turn.text
        assert buttons(shown) == [("继续填写", "member_apply")]
        assert (steps(shown), shown.application, shown.offers) == ("1·····", None, ())

    def test_a_former_member_is_told_to_activate_instead(self, at):
        user = UserFactory()
        member = Member.objects.create(user=user)
        LegacyMember.objects.create(source="old", old_number="A1", name="沈砚秋", member=member)

        shown = member_centre.overview(user, at=at)

        assert "请激活" in shown.turn.headline
        assert shown.turn.actions == ()


class TestWaitingForTheForm:  # A-14, K-9, APP-11
    def test_the_signed_form_is_awaited_for_sixty_days(self, at):
        shown = centre(stories.submitted(at=at), at)

        assert shown.turn.headline == "轮到您了：打印申请表，签字后到单位盖章"
        assert buttons(shown) == [("打印/下载申请表格", "member_form_pdf"), ("提交盖章文件", "member_stamped_form")]
        assert shown.turn.until == date(2026, 5, 16)
        assert steps(shown) == "✓2····"
        assert offers(shown) == ["撤回修改", "申请撤销"]

    def test_a_student_goes_to_the_school(self, at):
        application = stories.submitted(at=at, member_type=MemberType.STUDENT)

        assert "到学校盖章" in centre(application, at).turn.headline

    def test_the_rows_read_pending_and_what_starts_the_review(self, at):
        shown = centre(stories.submitted(at=at), at)

        assert words(shown) == [("申请中", "pending")]
        assert shown.rows[0].lines == ("提交盖章文件后开始审核",)
        assert shown.rows[0].may_withdraw

    def test_who_named_a_committee_member_may_name_another(self, at):
        application = stories.submitted(at=at, referral=stories.referred_by(committee_member()))

        shown = centre(application, at)

        assert "更换推荐人" in offers(shown)
        assert (shown.endorsement.name, shown.endorsement.status.word, shown.endorsement.since) == ("顾明修", "等待意见", at.date())

    def test_after_a_recall_it_is_a_draft_again(self, at):
        application = stories.submitted(at=at)
        enrolment.recall(application=application, person=application.member.user, at=at)

        assert centre(application, at).turn.headline == "轮到您了：继续填写并提交"


class TestWaitingForTheReferrer:  # E-3, E-10, E-12
    @pytest.fixture
    def seat(self):
        return committee_member()

    @pytest.fixture
    def application(self, at, seat) -> Application:
        return stories.endorsing(at=at, seat=seat)

    def test_it_says_who_is_waited_for_since_when_and_until_when(self, application, at):
        shown = centre(application, at + timedelta(days=2))

        assert shown.turn.headline == "等待推荐人意见"
        assert "2026-03-17 起等待顾明修" in shown.turn.text
        assert shown.turn.until == shown.endorsement.due == date(2026, 3, 31)
        assert buttons(shown) == [("更换推荐人", "member_referrer"), ("改交盖章文件", "member_stamped_form")]
        assert [step.label for step in shown.steps][1:3] == ["盖章上传", "推荐人意见"]
        assert [task.code for task in shown.tasks] == ["remind"]

    def test_a_refusal_without_a_stamp_makes_it_the_applicants_turn_with_the_public_reason_alone(self, application, seat, at):
        endorsements.decline(
            endorsement=endorsements.open_endorsement(application),
            person=seat.member.user,
            reason_public="不了解申请人的工作",
            reason_internal="只说给协会听",
            at=at,
        )

        shown = centre(application, at)

        assert shown.turn.headline == "轮到您了：更换推荐人，或改交盖章文件"
        assert shown.turn.text == "顾明修未同意推荐：不了解申请人的工作"
        assert [task.code for task in shown.tasks] == ["referrer"]
        assert "只说给协会听" not in repr(shown)

    def test_of_a_lost_right_it_reads_only_that_the_referrer_changed(self, application, at):
        endorsements.void(endorsement=endorsements.open_endorsement(application), at=at)

        shown = centre(application, at)

        assert shown.turn.text == "推荐人已变更，请重新选择"
        assert (shown.endorsement.name, shown.endorsement.status.word) == ("", "推荐人已变更")


class TestWithTheAssociation:  # K-2, K-3, K-5, A-23
    def test_the_person_has_nothing_to_do_and_reads_until_when(self, at):
        shown = centre(stories.checking(at=at), at + timedelta(days=2))

        assert "协会会员部审核中，预计 2026-04-08 前完成" in shown.turn.text
        assert (shown.turn.date_label, shown.turn.until, shown.turn.actions) == ("最迟答复", date(2026, 4, 8), ())
        assert steps(shown) == "✓✓✓4··"
        assert shown.steps[3].when == "第 2 个工作日"

    def test_the_scan_may_be_replaced_until_a_reviewer_opened_it(self, at):
        application = stories.checking(at=at)

        assert "更换盖章文件" in offers(centre(application, at))

        Application.objects.update(first_opened_at=at)
        assert "更换盖章文件" not in offers(centre(application, at))

    def test_past_the_promise_it_apologises_and_names_a_new_date(self, at):
        shown = centre(stories.checking(at=at), at + timedelta(days=40))

        assert "晚了，很抱歉" in shown.turn.text
        assert shown.turn.date_label == "预计答复"
        assert shown.turn.until > (at + timedelta(days=40)).date()

    def test_a_reopened_file_names_the_sections_and_the_day(self, at):
        application = stories.checking(at=at)
        Application.objects.update(hold=Hold.REOPENED)
        Reopening.objects.create(
            application=application, sections=["工作与职称"], until=date(2026, 3, 24), opened_by=association_reviewer(), opened_at=at
        )

        turn = centre(application, at).turn

        assert (turn.headline, turn.until) == ("协会开放修改：工作与职称", date(2026, 3, 24))

    def test_a_frozen_file_says_whom_to_ask(self, at):
        application = stories.checking(at=at)
        Application.objects.update(hold=Hold.FROZEN)
        freeze(application.member, at)

        shown = centre(application, at)

        assert shown.turn.headline == "审核已暂停，请联系协会"
        assert (shown.turn.actions, shown.tasks, offers(shown)) == ((), (), [])
        assert shown.rows[0].lines == ("审核已暂停",)
        assert not shown.rows[0].may_withdraw


class TestWithTheInstitutions:  # APP-12, A-4, A-5, A-12, K-2, S-5
    @pytest.fixture
    def application(self, at) -> Application:
        return stories.deciding(at=at, institutions=[InstitutionFactory(committee=True, name=f"{one}专业委员会") for one in "甲乙丙丁"])

    @pytest.fixture
    def four(self, application) -> list[ApplicationInstitution]:
        return list(application.rows.order_by("pk"))

    def test_before_anybody_answered_each_row_says_until_when(self, application, at):
        shown = centre(application, at)

        assert shown.turn.headline == "协会已核对，现在由各机构审核"
        assert shown.rows[0].lines == ("2026-03-17 提交，最迟 2026-04-08 答复您",)
        assert (steps(shown), shown.steps[4].when) == ("✓✓✓✓5·", "0/4 已答复")

    def test_rows_of_every_fate_stand_side_by_side(self, application, four, at):
        stories.approve_row(four[0], at=at)
        stories.refuse_row(four[1], at=at, reason="专业方向不符")
        rows.withdraw_row(row=four[2], person=application.member.user, at=at)

        shown = centre(application, at)

        assert words(shown) == [("审批通过", "approved"), ("审批不通过", "rejected"), ("已撤销", "withdrawn"), ("申请中", "pending")]
        assert (shown.rows[0].valid_from, shown.rows[0].valid_to) == (date(2026, 3, 17), date(2027, 3, 17))
        assert shown.rows[1].lines == ("专业方向不符",)
        assert shown.rows[2].lines == ("您于 2026-03-17 撤销",)
        assert [line.may_withdraw for line in shown.rows] == [False, False, False, True]
        assert [line.may_resubmit for line in shown.rows] == [False, True, False, False]
        assert shown.turn.headline == "4 个机构中，3 个已答复"

    def test_the_first_approval_brings_number_and_certificate_while_the_others_go_on(self, application, four, at):
        stories.approve_row(four[0], at=at)

        shown = centre(application, at)

        assert shown.identity.number == shown.certificate.number == "M1650000001D"
        assert (shown.certificate.state.word, shown.certificate.days_left, shown.certificate.was_downloaded) == ("有效", 365, False)
        assert shown.steps[-1].state == "done"
        assert [task.code for task in shown.tasks] == ["certificate"]

    def test_a_row_resubmitted_waits_from_that_day(self, application, four, at):
        stories.refuse_row(four[1], at=at)
        later = at + timedelta(days=3)
        rows.resubmit_row(row=four[1], person=application.member.user, statement="补充病例数", at=later)

        line = centre(application, later).rows[1]

        assert line.status.word == "申请中"
        assert line.lines[0].startswith("2026-03-20 再次提交，最迟 ")

    def test_a_late_row_apologises(self, application, at):
        line = centre(application, at + timedelta(days=40)).rows[0]

        assert "原定 2026-04-08 答复，晚了，很抱歉" in line.lines[0]

    def test_deciders_are_institutions_and_never_persons(self, application, four, at):
        stories.refuse_row(four[1], at=at, reason="专业方向不符")

        shown = centre(application, at + timedelta(days=1))

        assert [(one.decider, one.status.word) for one in shown.rounds] == [("乙专业委员会", "审批不通过"), ("协会会员部", "审批通过")]
        assert "王老师" not in repr(shown)
        assert "唐老师" not in repr(shown)


class TestReturned:  # D-5, K-9
    def test_the_associations_refusal_shows_reason_fields_and_day(self, at):
        application = stories.checking(at=at)
        stories.refuse_file(application, at=at, reason="单位名称与印章不符", fields=["work_unit_name", "title"])

        shown = centre(application, at)

        assert shown.turn.headline == "轮到您了：请修改后重新提交"
        assert (shown.turn.status.word, shown.turn.until) == ("审批不通过", date(2026, 6, 15))
        assert buttons(shown) == [("修改后重新提交", "member_apply")]
        assert [(one.decider, one.reason, one.fields) for one in shown.refusal.reasons] == [
            ("协会会员部", "单位名称与印章不符", ("工作单位", "职称"))
        ]
        assert words(shown) == [("审批不通过", "rejected")]
        assert steps(shown) == "1·····"

    def test_when_all_institutions_refused_each_reason_stands(self, at):
        application = stories.deciding(at=at, institutions=InstitutionFactory.create_batch(2, committee=True))
        for number, row in enumerate(application.rows.order_by("pk"), start=1):
            stories.refuse_row(row, at=at, reason=f"原因{number}")

        shown = centre(application, at)

        assert [one.reason for one in shown.refusal.reasons] == ["原因1", "原因2"]
        assert shown.turn.headline == "各机构都已答复：请修改后重新提交"

    def test_earlier_rounds_stay_readable(self, at):
        application = stories.returned(at=at, reason="盖章不清晰")
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"remarks": "已补充"}, at=at)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        shown = centre(application, at)

        assert shown.refusal is None
        assert [(one.number, one.reason, one.version) for one in shown.rounds] == [(1, "盖章不清晰", 1)]


class TestOver:  # A-15, K-9, state words
    def test_withdrawn_it_may_begin_anew(self, at):
        application = stories.submitted(at=at)
        enrolment.withdraw(application=application, person=application.member.user, at=at)

        shown = centre(application, at)

        assert (shown.turn.headline, shown.turn.status.word) == ("申请已撤销", "已撤销")
        assert buttons(shown) == [("重新申请", "member_apply")]
        assert shown.steps == ()

    def test_expired_it_says_that_time_ran_out(self, at):
        application = stories.submitted(at=at)
        later = at + timedelta(days=60)
        endings.expire(application=application, at=later)

        shown = centre(application, later)

        assert shown.turn.headline == "逾期未完成，已自动关闭"
        assert shown.rows[0].lines == ("2026-05-16 逾期关闭",)

    def test_not_accepted_it_says_why_and_from_when_it_may_begin_anew(self, at):
        application = stories.checking(at=at)
        review.not_accept_file(
            application=application,
            dossier=dossiers.latest_sealed(application),
            reviewer=association_reviewer(),
            at=at,
            reason="不符合入会条件",
            is_ineligible=True,
        )

        shown = centre(application, at)
        half_a_year_later = centre(application, at + timedelta(days=184))

        assert (shown.turn.headline, shown.turn.text) == ("申请未予受理", "协会会员部：不符合入会条件")
        assert (shown.turn.until, shown.turn.actions) == (date(2026, 9, 17), ())
        assert buttons(half_a_year_later) == [("重新申请", "member_apply")]


class TestMember:  # CERT-1, M-2, M-4, Table E
    @pytest.fixture
    def application(self, at) -> Application:
        return stories.approved(at=at)

    def test_a_member_reads_number_dates_and_what_is_left(self, application, at):
        shown = centre(application, at + timedelta(days=100))

        assert (shown.turn, shown.notice, shown.identity.status) == (None, None, None)
        assert (shown.identity.member_type, shown.identity.joined_on) == ("专业会员", at.date())
        assert (shown.certificate.valid_to, shown.certificate.days_left, shown.certificate.may_download) == (date(2027, 3, 17), 265, True)

    def test_in_grace_it_is_待续会_and_the_certificate_can_be_had(self, application, at):
        shown = centre(application, at + timedelta(days=370))

        assert (shown.notice.title, shown.identity.status.word, words(shown)) == ("待续会", "待续会", [("待续会", "pending")])
        assert shown.certificate.may_download

    def test_lapsed_only_the_kept_file_is_left(self, application, at):
        shown = centre(application, at + timedelta(days=400))

        assert (shown.notice.title, words(shown)) == ("会员资格已过期", [("已过期", "rejected")])
        assert (shown.certificate.may_download, shown.certificate.kept_file, shown.tasks) == (False, None, ())

    def test_frozen_it_says_why_and_offers_nothing(self, application, at):
        freeze(application.member, at)

        shown = centre(application, at)

        assert (shown.notice.title, shown.identity.status.kind) == ("会员资格已冻结", "frozen")
        assert "所附证明与出具单位核实不符" in shown.notice.text
        assert (shown.certificate.may_download, shown.certificate.days_left) == (False, None)
        assert words(shown) == [("已冻结", "frozen")]
        assert all(action.because for action in shown.actions if action.code != "guide")

    def test_who_left_reads_since_when_and_that_the_number_stays(self, application, at):
        Affiliation.objects.update(ended_on=at.date(), ended_by=AffiliationEnd.MEMBERSHIP_ENDED)
        Member.objects.filter(pk=application.member_id).update(
            standing=Standing.ENDED, end_kind=EndKind.WITHDRAWN, ended_on=date(2026, 3, 17)
        )

        shown = centre(application, at)

        assert (shown.notice.title, shown.certificate) == ("已退会", None)
        assert (shown.notice.action.label, shown.notice.action.url_name) == ("申请会员", "member_apply")
        assert shown.rows[0].status.word == "已终止"

    def test_who_was_expelled_reads_from_when_it_may_begin_anew(self, application, at):
        Member.objects.filter(pk=application.member_id).update(
            standing=Standing.ENDED, end_kind=EndKind.EXPELLED, ended_on=date(2026, 3, 17)
        )

        notice = centre(application, at).notice

        assert (notice.title, "2029-03-17 起可以重新申请" in notice.text) == ("会员资格已撤销", True)
        assert notice.action is None


class TestQuickActions:  # UI-2, CHG-1, Table E
    def by_code(self, user: User, at) -> dict:
        return {action.code: action for action in member_centre.overview(user, at=at).actions}

    def test_the_five_are_always_there_in_the_words_of_the_guide(self, at):
        labels = [action.label for action in member_centre.overview(UserFactory(), at=at).actions]

        assert labels == ["申请会员", "修改信息", "CACA指南", "升级专业会员", "申请资料变更"]

    @pytest.mark.parametrize(
        ("state", "target"),
        [
            (ApplicationState.DRAFT, "member_apply"),
            (ApplicationState.AWAITING_FORM, "member_recall"),
            (ApplicationState.CHECKING, ""),
            (ApplicationState.DECIDING, ""),
            (ApplicationState.RETURNED, "member_apply"),
            (ApplicationState.CLOSED, ""),
        ],
    )
    def test_修改信息_leads_to_what_may_be_edited_now_or_says_why_not(self, state, target, at):
        application = stories.in_state(state, at=at)

        action = self.by_code(application.member.user, at)["edit"]

        assert action.url_name == target
        assert bool(action.because) == (target == "")

    def test_a_professional_needs_no_upgrade_and_a_student_reads_what_it_takes(self, at):
        professional = stories.approved(at=at)
        student = stories.approved(at=at, member_type=MemberType.STUDENT)

        assert self.by_code(professional.member.user, at)["upgrade"].note == "您已是专业会员"
        assert "资质证书" in self.by_code(student.member.user, at)["upgrade"].steps[0]


class TestReferrer:  # UI-3, REF-1
    def test_a_committee_member_has_each_unanswered_request_to_do(self, at):
        seat = committee_member()
        stories.submitted(at=at, name="陆闻溪", referral=stories.referred_by(seat))

        shown = member_centre.overview(seat.member.user, at=at)

        assert [(task.code, task.title, task.due) for task in shown.tasks if task.code == "endorse"] == [
            ("endorse", "答复陆闻溪的推荐请求", date(2026, 3, 31))
        ]
        assert shown.refers


class TestPrice:  # Speed
    @pytest.mark.parametrize("state", list(stories.BUILDERS))
    def test_the_records_of_a_person_cost_few_queries_in_every_state(self, state, at, django_assert_max_num_queries):
        application = stories.in_state(state, at=at)
        person = User.objects.get(pk=application.member.user_id)
        member_centre.overview(person, at=at)

        with django_assert_max_num_queries(9):
            member_centre.overview(person, at=at)

    def test_more_institutions_cost_no_more(self, at, django_assert_max_num_queries):
        institutions = [*InstitutionFactory.create_batch(5, committee=True), InstitutionFactory(regional=True)]
        application = stories.approved(at=at, institutions=institutions)
        person = User.objects.get(pk=application.member.user_id)
        member_centre.overview(person, at=at)

        with django_assert_max_num_queries(7):
            member_centre.overview(person, at=at)


class TestTheSameWords:  # UI-3
    @pytest.mark.parametrize("state", list(stories.BUILDERS))
    def test_the_page_and_待办事项_name_the_same_tasks(self, state, at):
        application = stories.in_state(state, at=at)

        assert centre(application, at).tasks == todo.tasks(own_records.records_of(application.member.user, at=at))

    def test_a_switch_to_the_stamp_takes_the_task_away(self, at):
        seat = committee_member()
        application = stories.endorsing(at=at, seat=seat)
        endorsements.void(endorsement=endorsements.open_endorsement(application), at=at)
        person = application.member.user
        stamped_forms.switch_to_stamp(application=application, person=person, scan=stories.scan(), basis=[Basis.STAMP], at=at)

        assert todo.tasks(own_records.records_of(person, at=at)) == ()
