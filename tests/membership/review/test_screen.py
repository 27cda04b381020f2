"""One case on the screen: everything the reviewer needs, and nothing they may not see."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from membership import identity
from membership.domain import endorsements, enrolment, rows, stamped_forms
from membership.enums import Basis, MemberType
from membership.models import Application, AuditEntry, Dossier, LegacyMember, StampedForm
from tests.factories import amendments
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import DivisionFactory, InstitutionFactory, ReviewReasonFactory, TitleFactory
from tests.membership.review.pages import decide, screen_of, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return association_reviewer()


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


@pytest.fixture
def of_lung(lung):
    return institution_reviewer(lung)


def hints_on(reviewer, case) -> dict[str, bool]:
    """Return the hints of a screen: text, and whether it asks for a second look."""
    return {hint.text: hint.is_warning for hint in screen_of(reviewer, case).context["screen"].hints}


def labels_on(reviewer, case) -> set[str]:
    return {fact.label for section in screen_of(reviewer, case).context["screen"].sections for fact in section.facts}


def of_the_case(queries) -> list[str]:
    """Return the queries of the case itself: without who asks, the admin's frame, its counts beside the menu, and test savepoints."""
    frame = ("wagtail", "auth_", "mfa_", "session", "SAVEPOINT", "LIMIT 100", "membership_freeze")
    found = [query["sql"] for query in queries if not query["sql"].startswith('SELECT "membership_user"')]
    return [sql for sql in found if not any(part in sql for part in frame)]


class TestWhatTheAssociationSees:  # REV-2
    def test_every_answer_of_the_form_stands_on_the_screen(self, reviewer, at):
        application = stories.checking(at=at, remarks="已退休返聘", other_societies=["天津市医学会会员"])

        page = screen_of(reviewer, application).content.decode()

        dossier = application.proposed_dossier
        for answer in (
            "沈砚秋",
            "1984-09-30",
            "41 岁",
            "汉族",
            "群众",
            dossier.work_unit_name,
            "shen@example.org",
            "已退休返聘",
            "天津市医学会会员",
        ):
            assert answer in page
        assert "工作单位／就读学校盖章" in page

    def test_the_number_of_the_document_is_masked_until_asked_for(self, reviewer, at):  # OPS-3, S-8
        application = stories.checking(at=at)
        number = application.proposed_dossier.document_number
        before = screen_of(reviewer, application).content.decode()

        after = client_of(reviewer).post(url_of(application, "document")).content.decode()

        assert identity.mask(number) in before and number not in before
        assert number in after
        entry = AuditEntry.objects.get(action="view.document_number")
        assert (entry.actor, entry.about) == (reviewer, application.member)
        assert number not in str(entry.details)

    def test_a_form_that_rests_on_nothing_is_said_before_anybody_approves(self, reviewer, at):  # E-2
        application = stories.checking(at=at)
        assert "没有盖章、签字或推荐" not in hints_on(reviewer, application)
        Application.objects.filter(pk=application.pk).update(basis=[])

        assert "没有盖章、签字或推荐" in hints_on(reviewer, application)

    def test_reasons_are_about_papers_that_there_are_and_that_the_reader_sees(self, reviewer, at):  # S-3
        for category in ("盖章文件", "资质", "学生", "填写"):
            ReviewReasonFactory(code=category, category=category)
        lung = InstitutionFactory(committee=True)
        row = stories.deciding(at=at, institutions=[lung]).rows.get()

        def offered(person, case) -> set[str]:
            return {category for category, _ in screen_of(person, case).context["form"].grouped_reasons()}

        assert offered(reviewer, stories.checking(at=at)) == {"盖章文件", "资质", "填写"}
        assert offered(reviewer, stories.checking(at=at, member_type=MemberType.STUDENT)) == {"盖章文件", "学生", "填写"}
        assert offered(institution_reviewer(lung), row) == {"资质", "填写"}

    def test_the_institutions_of_a_returned_file_wait_for_its_applicant(self, reviewer, at):
        application = stories.returned(at=at)

        assert {line.status.word for line in screen_of(reviewer, application).context["screen"].institutions} == {"待申请人修改"}

    def test_a_number_is_never_shown_by_a_link(self, reviewer, at):
        application = stories.checking(at=at)

        assert client_of(reviewer).get(url_of(application, "document")).url == url_of(application, "open")
        assert not AuditEntry.objects.filter(action="view.document_number").exists()

    def test_opening_is_written_down_and_ends_the_exchange_of_the_scan(self, reviewer, at):  # S-8, A-23
        application = stories.checking(at=at)

        screen_of(reviewer, application)

        assert AuditEntry.objects.filter(action="application.view", actor=reviewer, about=application.member).count() == 1
        with pytest.raises(stamped_forms.AlreadyOpened):
            stamped_forms.replace(application=application, person=application.member.user, scan=stories.scan(), at=at)

    def test_papers_lead_through_the_view_that_asks_who_looks(self, reviewer, at):  # OPS-2
        application = stories.checking(at=at)

        pictures = screen_of(reviewer, application).context["screen"].pictures

        assert [picture.label for picture in pictures] == ["盖章申请表", "资质证书首页", "个人寸照"]
        assert {client_of(reviewer).get(picture.url).status_code for picture in pictures} == {200}

    def test_the_institutions_and_what_each_said_stand_there(self, reviewer, at, lung, of_lung):
        liver = InstitutionFactory(committee=True, name="肝癌专业委员会")
        application = stories.deciding(at=at, institutions=[lung, liver])
        stories.refuse_row(application.rows.get(institution=lung), at=at, reviewer=of_lung, reason="专业方向不符")

        screen = screen_of(reviewer, application).context["screen"]

        assert [(line.name, line.status.word, bool(line.url)) for line in screen.institutions] == [
            ("肺癌专业委员会", "审批不通过", False),
            ("肝癌专业委员会", "待机构审核", True),  # it has no reviewer, so the association decides (K-7)
        ]
        assert [(one.decider, one.reason) for one in screen.rounds][0] == ("肺癌专业委员会　王老师", "专业方向不符")

    def test_what_the_committee_member_told_the_association_alone(self, reviewer, at, lung, of_lung):  # E-12
        application = stories.endorsing(at=at, basis=[Basis.STAMP], institutions=[lung])
        endorsement = application.endorsements.get()
        endorsements.decline(
            endorsement=endorsement, person=endorsement.seat.member.user, reason_public="不了解", reason_internal="曾有纠纷", at=at
        )
        stories.approve_file(application, at=at)

        theirs = screen_of(reviewer, application).content.decode()
        institutions = screen_of(of_lung, application.rows.get()).content.decode()

        assert "曾有纠纷" in theirs and "推荐人未同意" in theirs
        assert "曾有纠纷" not in institutions
        assert "不了解" in institutions

    def test_neighbours_in_the_queue_are_one_link_away(self, reviewer, at):
        first, second, third = (stories.checking(at=at + timedelta(days=day)) for day in range(3))

        context = screen_of(reviewer, second).context

        assert (context["previous_url"], context["next_url"]) == (url_of(first), url_of(third))

    def test_a_screen_costs_no_more_for_a_long_life(self, reviewer, at):
        short = stories.checking(at=at)
        long = stories.checking(at=at, institutions=[InstitutionFactory(committee=True) for _ in range(5)])
        client = client_of(reviewer)
        # What the menu says of each list is kept for a moment.
        client.get("/admin/")
        with CaptureQueriesContext(connection) as plain:
            client.get(url_of(short))

        with CaptureQueriesContext(connection) as rich:
            client.get(url_of(long))

        assert len(rich) <= len(plain)
        assert len(of_the_case(plain)) <= 23


class TestWhatAnInstitutionSees:  # S-1, S-2, S-4
    @pytest.fixture
    def case(self, at, lung):
        liver = InstitutionFactory(committee=True, name="肝癌专业委员会")
        undecided = InstitutionFactory(committee=True)
        application = stories.deciding(
            at=at,
            institutions=[lung, liver, undecided],
            postcode="300060",
            unit_phone="022-12345678",
            social_posts="政协委员",
            remarks="请尽快",
        )
        stories.refuse_row(application.rows.get(institution=liver), at=at, reason="肝癌方面不符合")
        return application.rows.get(institution=lung)

    def test_the_professional_side_of_the_person(self, of_lung, case):
        labels = labels_on(of_lung, case)

        assert labels == {"姓名", "性别", "年龄", "学历", "专业", "工作单位", "科室", "职务", "职称", "资质证书类型", "会员类型"}

    def test_nothing_that_identifies_or_reaches_them(self, of_lung, case):
        page = screen_of(of_lung, case).content.decode()

        dossier = case.application.proposed_dossier
        hidden = (
            dossier.document_number, identity.mask(dossier.document_number), dossier.phone[3:], "shen@example.org", "临江路", "1984-09-30",
            "汉族", "群众", "和平区", "300060", "022-12345678", "政协委员", "请尽快", "2011010001", "居民身份证",
        )  # fmt: skip
        assert [text for text in hidden if text in page] == []
        assert "盖章已由协会核验" in page

    def test_no_other_institution_its_verdict_or_its_reason(self, of_lung, case):
        page = screen_of(of_lung, case).content.decode()

        assert "肝癌" not in page
        assert "协会会员部" in page

    def test_of_the_association_its_approval_and_no_earlier_refusal(self, of_lung, lung, at):
        application = stories.returned(at=at, institutions=[lung], reason="证件模糊不清")
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"specialty": "胸外科"}, at=at)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)
        stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.STAMP], at=at)
        stories.approve_file(Application.objects.get(pk=application.pk), at=at)

        screen = screen_of(of_lung, application.rows.get()).context["screen"]

        assert [(one.decider, one.status.word, one.reason) for one in screen.rounds] == [("协会会员部", "审批通过", "")]
        assert screen.comparisons == ()

    def test_the_qualification_and_the_portrait_and_no_other_paper(self, of_lung, case):
        screen = screen_of(of_lung, case).context["screen"]

        assert [picture.label for picture in screen.pictures] == ["资质证书首页", "个人寸照"]
        form = StampedForm.objects.get(application=case.application)
        assert client_of(of_lung).get(f"/files/{form.original_id}/").status_code == 404
        assert {client_of(of_lung).get(picture.url).status_code for picture in screen.pictures} == {200}

    def test_its_own_rounds_with_the_statement_and_the_supplements(self, of_lung, case, at):
        stories.refuse_row(case, at=at, reviewer=of_lung, reason="请补充病例数")
        rows.resubmit_row(
            row=case,
            person=case.member.user,
            statement="补充近三年病例",
            supplements=[stories.picture("supplement")],
            at=at + timedelta(days=1),
        )

        case.refresh_from_db()
        screen = screen_of(of_lung, case).context["screen"]

        assert screen.statement == "补充近三年病例"
        assert "请补充病例数" in screen.comparisons[0].words
        assert [picture.label for picture in screen.pictures][-1] == "补充材料 1"
        supplement = screen.pictures[-1].url
        assert client_of(of_lung).get(supplement).status_code == 200
        others = [row.institution for row in case.application.rows.exclude(pk=case.pk)]
        assert client_of(institution_reviewer(*others)).get(supplement).status_code == 404

    def test_a_look_is_written_into_the_institutions_own_scope(self, of_lung, case, lung):
        screen_of(of_lung, case)

        assert AuditEntry.objects.get(action="application.view").institution == lung

    def test_hints_speak_of_nothing_hidden(self, of_lung, case):
        assert hints_on(of_lung, case) == {}


class TestHints:  # REV-2, E-7
    @pytest.mark.parametrize(
        ("findings", "expected"),
        [
            ({"seal": True}, {"盖章文件上有红色印章": False}),
            ({"seal": False}, {"没有找到红色印章": True}),
            ({"qr_matches": True}, {"二维码与本申请相符": False}),
            ({"qr_matches": False}, {"二维码不是这一版申请表": True}),
            ({"qr_matches": None}, {"没有读到表上的二维码": True}),
            ({"sharpness": 88.0}, {"扫描件清晰": False}),
            ({"sharpness": 31.5}, {"扫描件可能不清晰": True}),
            ({}, {}),
        ],
    )
    def test_findings_of_the_signed_form_are_told_and_never_block(self, reviewer, at, findings, expected):
        application = stories.checking(at=at)
        application.stamped_forms.update(findings=findings)

        found = hints_on(reviewer, application)

        assert {text: found.get(text) for text in expected} == expected
        assert screen_of(reviewer, application).context["screen"].ruling.is_possible

    def test_a_right_number_of_a_county_no_list_knows_asks_for_a_look(self, reviewer, at):  # APP-4
        DivisionFactory(code="120103", name="河西区", level=3, parent=DivisionFactory())
        known = stories.checking(at=at)
        unknown = stories.checking(at=at, document_number=stories.resident_number(region="129999", serial=480))

        assert hints_on(reviewer, known)["证件号码校验一致"] is False
        assert "证件号码前六位 129999 不在行政区划名单中" in hints_on(reviewer, unknown)

    def test_somebody_over_a_hundred(self, reviewer, at):
        born = date(1925, 3, 1)
        application = stories.checking(at=at, born_on=born)

        assert hints_on(reviewer, application)["年龄 101 岁"] is True

    def test_another_person_of_the_same_sound_and_birthday(self, reviewer, at):  # REV-14
        stories.checking(at=at, name="沈燕秋")
        application = stories.checking(at=at, name="沈砚秋")
        stranger = stories.checking(at=at, name="沈砚秋", born_on=date(1990, 1, 1))

        assert hints_on(reviewer, application)["可能与另一人重复"] is True
        assert "可能与另一人重复" not in hints_on(reviewer, stranger)

    def test_a_former_member_with_the_same_phone_name_and_birthday(self, reviewer, at):
        application = stories.checking(at=at)
        dossier = application.proposed_dossier
        LegacyMember.objects.create(source="旧系统", old_number="87214", name=dossier.name, phone=dossier.phone, born_on=dossier.born_on)

        assert "87214" in screen_of(reviewer, application).content.decode()


class TestDifferences:  # REV-2
    @pytest.fixture
    def second_round(self, at):
        application = stories.returned(at=at, reason="盖章不清晰")
        person = application.member.user
        other = TitleFactory(code="231", level="正高级", name="主任医师")
        answers = {"title": other, "address": "临江路 18 号 门诊楼 5 层", "fields_of_interest": []}
        enrolment.save_draft(application=application, person=person, answers=answers, at=at)
        enrolment.attach(
            application=application, person=person, field="portrait", file=stories.picture(tone=90), at=at + timedelta(hours=1)
        )
        later = at + timedelta(days=1)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=later)
        return stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.STAMP], at=later)

    def test_what_changed_since_the_refusal_old_and_new(self, reviewer, second_round):
        [comparison] = screen_of(reviewer, second_round).context["screen"].comparisons

        assert comparison.words == "上一轮 2026-03-17 审批不通过：盖章不清晰"
        assert [(change.label, change.before, change.after) for change in comparison.changes] == [
            ("盖章文件", "第 1 份，2026-03-17", "第 2 份，2026-03-18 上传"),
            ("个人寸照", "原来的文件", "已更换"),
            ("联系地址", "天津市河西区临江路 18 号", "临江路 18 号 门诊楼 5 层"),
            ("职称", "副高级,副主任医师", "正高级,主任医师"),
        ]

    def test_the_old_is_struck_and_the_new_stands_out(self, reviewer, second_round):
        page = screen_of(reviewer, second_round).content.decode()

        assert "<del>副高级,副主任医师</del> <ins>正高级,主任医师</ins>" in page

    def test_the_form_of_the_first_round_can_still_be_seen(self, reviewer, second_round):
        pictures = screen_of(reviewer, second_round).context["screen"].pictures

        assert pictures[-1].label == "第 1 份（2026-03-17）"
        assert client_of(reviewer).get(pictures[-1].url).status_code == 200

    def test_another_document_shows_though_both_are_masked_alike(self, reviewer, at):
        application = stories.returned(at=at, document_number=stories.resident_number(serial=401))
        person = application.member.user
        other = stories.resident_number(serial=402)
        enrolment.save_draft(application=application, person=person, answers={"document_number": other}, at=at)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)
        stamped_forms.upload(application=application, person=person, scan=stories.scan(), basis=[Basis.STAMP], at=at + timedelta(days=1))

        response = screen_of(reviewer, application)

        [comparison] = response.context["screen"].comparisons
        [change] = [one for one in comparison.changes if one.field == "document_number"]
        assert change.before != change.after and change.is_identity
        assert other not in response.content.decode()


class TestPage:
    def test_markup_from_a_field_stays_text(self, reviewer, at):
        application = stories.checking(at=at, remarks="<script>alert(1)</script>", department="<b>科</b>")

        page = screen_of(reviewer, application).content.decode()

        assert "<script>alert(1)</script>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<b>科</b>" not in page

    def test_all_papers_and_the_reasons_are_there_without_javascript(self, reviewer, at):
        application = stories.checking(at=at)

        page = screen_of(reviewer, application).content.decode()

        assert page.count("<figure") == 3 and page.count("<details") >= 2
        assert "style=" not in page.partition('<div class="review"')[2].partition("<script")[0]

    def test_a_case_that_is_not_to_be_decided_says_why(self, reviewer, at):
        application = stories.deciding(at=at)

        page = screen_of(reviewer, application).content.decode()

        assert "这一步现在不能进行：目前状态为「机构审核」。" in page
        assert 'name="verdict"' not in page


class TestAmendments:  # REV-8, A-21, L-7
    def test_a_change_stands_beside_what_was_approved_and_key_facts_are_marked(self, reviewer, at):
        member = stories.approved(at=at, duty="副主任", name="沈砚秋").member
        change = amendments.change(at=at, member=member, duty="主任", name="沈燕秋")

        screen = screen_of(reviewer, change).context["screen"]

        [comparison] = screen.comparisons
        assert comparison.title == "与已通过资料的不同"
        assert {(one.label, one.before, one.after, one.is_identity) for one in comparison.changes} == {
            ("姓名", "沈砚秋", "沈燕秋", True),
            ("职务", "副主任", "主任", False),
        }
        assert "关键信息" in screen_of(reviewer, change).content.decode()

    def test_a_change_without_key_facts_has_no_such_mark(self, reviewer, at):
        page = screen_of(reviewer, amendments.change(at=at, duty="主任")).content.decode()

        assert "关键信息" not in page

    def test_who_let_the_person_in_is_asked_to_leave_key_facts_to_another(self, reviewer, at):
        application = stories.checking(at=at)
        stories.approve_file(application, at=at, reviewer=reviewer)
        stories.approve_row(application.rows.get(), at=at)
        change = amendments.change(at=at, member=Application.objects.get(pk=application.pk).member, name="沈燕秋")

        assert "建议请另一位审核员来审" in screen_of(reviewer, change).content.decode()
        assert "建议请另一位审核员来审" not in screen_of(association_reviewer(), change).content.decode()

    def test_a_change_is_approved_on_its_screen(self, reviewer, at):
        change = amendments.change(at=at, duty="主任")

        decide(reviewer, change, "approved")

        change.refresh_from_db()
        assert change.outcome == "approved" and change.member.current_dossier.duty == "主任"

    def test_of_an_activation_the_reviewer_ticks_the_rows_that_are_the_persons(self, reviewer, at):
        activation = amendments.activation(at=at, rows=2)
        own, other = activation.legacy_rows.order_by("pk")
        page = screen_of(reviewer, activation).content.decode()
        assert page.count('name="legacy_rows"') == 2 and own.old_number in page

        assert "请至少勾选一条" in decide(reviewer, activation, "approved").content.decode()
        assert decide(reviewer, activation, "approved", legacy_rows=[99_999]).status_code == 200
        decide(reviewer, activation, "approved", legacy_rows=[own.pk])

        own.refresh_from_db(), other.refresh_from_db(), activation.refresh_from_db()
        assert (own.member, other.member, activation.outcome) == (activation.member, None, "approved")


class TestMoreHints:  # REV-2
    def test_the_same_document_in_another_persons_papers(self, reviewer, at):
        number = stories.resident_number(serial=310)
        first = stories.submitted(at=at, document_number=number, name="陆一鸣")
        enrolment.withdraw(application=first, person=first.member.user, at=at)
        application = stories.checking(at=at, document_number=number)

        assert hints_on(reviewer, application)["同一证件出现在另一人的资料中"] is True
        assert "同一证件出现在另一人的资料中" not in hints_on(reviewer, stories.checking(at=at))

    def test_a_name_that_no_face_prints(self, reviewer, at):
        application = stories.checking(at=at)
        Dossier.objects.filter(pk=application.proposed_dossier_id).update(name="沈\U0003ffff")

        assert hints_on(reviewer, application)["姓名中有字暂时无法打印"] is True

    def test_the_end_of_a_student_card(self, reviewer, at, clock):
        application = stories.checking(at=at, member_type=MemberType.STUDENT)
        assert hints_on(reviewer, application)["学生证在有效期内"] is False

        clock.now = at + timedelta(days=600)
        assert hints_on(reviewer, application)["学生证已过期"] is True

    def test_an_institution_gets_only_those_on_what_it_sees(self, of_lung, lung, at):
        number = stories.resident_number(serial=311)
        first = stories.submitted(at=at, document_number=number)
        enrolment.withdraw(application=first, person=first.member.user, at=at)
        application = stories.deciding(at=at, document_number=number, institutions=[lung])

        assert hints_on(of_lung, application.rows.get()) == {}
