"""The member's own pages: the centre, the tasks, the messages, an application in full, and the ways to withdraw."""

from datetime import timedelta

import pytest
from django.urls import reverse

from membership.domain import enrolment
from membership.enums import ApplicationState, AttachmentKind, RowState
from membership.models import Application, ApplicationInstitution, Message, User
from tests.factories import enrolment as stories
from tests.factories.browser import photograph, upload
from tests.factories.people import UserFactory, committee_member
from tests.factories.reference import InstitutionFactory
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db
HOME = "/member/"
LONG = "阿卜杜热合曼·买买提吐尔逊·阿卜力克木·努尔艾合买提江·依明"


def owner_of(application: Application) -> User:
    return User.objects.get(pk=application.member.user_id)


def browser_of(application: Application) -> Browser:
    return Browser(owner_of(application))


class TestHome:  # UI-1, UI-2, APP-12
    @pytest.mark.parametrize("state", list(stories.BUILDERS))
    def test_it_opens_in_every_state(self, state, clock):
        application = stories.in_state(state, at=clock, name="沈砚秋")

        page = browser_of(application).get(HOME)

        assert page.heading == "沈砚秋"
        assert "138****" in page.main

    @pytest.mark.parametrize("state", list(stories.BUILDERS))
    def test_it_costs_no_more_than_twelve_queries(self, state, clock, django_assert_max_num_queries):
        browser = browser_of(stories.in_state(state, at=clock))
        browser.get(HOME)

        with django_assert_max_num_queries(12):
            browser.get(HOME)

    def test_it_opens_while_a_referrer_is_waited_for(self, clock):
        assert "等待推荐人意见" in browser_of(stories.endorsing(at=clock)).get(HOME).main

    def test_it_opens_after_a_withdrawal(self, clock):
        application = stories.submitted(at=clock)
        enrolment.withdraw(application=application, person=owner_of(application), at=clock)

        assert browser_of(application).get(HOME).link("重新申请") == "/member/apply/"

    @pytest.mark.parametrize(("days", "says"), [(370, "待续会"), (400, "会员资格已过期")])
    def test_it_opens_after_the_last_day_and_says_whom_to_call(self, days, says, clock):
        page = browser_of(stories.approved(at=clock - timedelta(days=days))).get(HOME)

        assert says in page.main
        assert "022-28219588" in page.main

    def test_a_bare_account_has_one_way_to_begin(self, clock):
        page = Browser(UserFactory()).get(HOME)

        assert page.heading == "会员中心"
        assert page.link("申请会员") == "/member/apply/"

    def test_who_is_not_logged_in_is_led_to_the_login(self):
        response = Browser().client.get(HOME)

        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")

    def test_the_stages_stand_in_the_words_of_the_guide(self, clock):
        application = stories.deciding(at=clock)
        row = application.rows.select_related("institution").get()

        page = browser_of(application).get(HOME)

        assert "已申请的专委会/省市抗癌协会" in page.main
        assert "申请中" in page.main
        assert page.link(f"申请撤销：{row.institution.name}") == f"/member/rows/{row.pk}/withdraw/"

    def test_a_member_reads_the_number_and_downloads_the_certificate(self, clock):
        page = browser_of(stories.approved(at=clock)).get(HOME)

        assert "M1650000001D" in page.main
        assert "会员有效期: 2026-03-17 至 2027-03-17" in page.main
        assert page.link("下载会员证书") == "/member/certificate/"

    def test_a_refused_row_leads_to_the_second_try(self, clock):
        application = stories.deciding(at=clock, institutions=InstitutionFactory.create_batch(2, committee=True))
        row = application.rows.order_by("pk").first()
        stories.refuse_row(row, at=clock, reason="专业方向不符")

        page = browser_of(application).get(HOME)

        assert "专业方向不符" in page.main
        assert page.link("补充材料再申请") == f"/member/rows/{row.pk}/resubmit/"

    def test_the_reason_of_a_returned_file_stands_above_the_steps(self, clock):
        page = browser_of(stories.returned(at=clock, reason="盖章不清晰，看不出单位全称")).get(HOME)

        assert page.main.index("盖章不清晰，看不出单位全称") < page.main.index("打印盖章")

    def test_names_and_reasons_are_shown_as_typed(self, clock):
        hostile = "<script>alert(1)</script>"
        application = stories.checking(at=clock, specialty=hostile, work_unit_name=hostile, work_unit=None, member_type="ordinary")
        stories.refuse_file(application, at=clock, reason=hostile)

        page = browser_of(application).get(HOME)

        assert hostile in page.main
        assert not page.soup.main.find("script")

    def test_a_referrer_finds_the_way_to_their_applicants(self, clock):
        seat = committee_member()
        stories.submitted(at=clock, referral=stories.referred_by(seat))

        page = Browser(seat.member.user).get(HOME)

        assert page.link("去答复").startswith("/member/referrals/")
        assert "推荐会员" in page.text


class TestQuickActions:  # UI-2
    def test_what_is_not_possible_says_why_and_whom_to_call(self, clock):
        page = browser_of(stories.approved(at=clock)).get("/member/actions/change/")

        assert "在线变更还没有开放" in page.main
        assert "022-28219588" in page.main

    def test_what_is_possible_leads_there(self, clock):
        browser = browser_of(stories.draft(at=clock))

        response = browser.client.get("/member/actions/edit/")

        assert (response.status_code, response["Location"]) == (302, "/member/apply/")

    def test_an_action_nobody_knows_is_not_found(self, clock):
        Browser(UserFactory()).get("/member/actions/nothing/", status=404)


class TestTasks:  # UI-3
    def test_each_has_its_button_and_its_day(self, clock):
        application = stories.submitted(at=clock)

        page = browser_of(application).get("/member/todo/")

        assert "请在 2026-05-16 前完成" in page.main
        assert page.link("提交盖章文件") == f"/member/applications/{application.pk}/stamped-form/"

    def test_nothing_to_do_says_what_will_stand_here(self, clock):
        assert "现在没有需要您做的事" in Browser(committee_member().member.user).get("/member/todo/").main

    def test_who_is_new_here_is_led_to_the_application(self, clock):
        page = Browser(UserFactory()).get("/member/todo/")

        assert "还没有申请入会" in page.main
        assert page.link("申请会员") == "/member/apply/"


class TestMessages:  # UI-4
    def test_the_unread_are_marked_and_counted_until_opened(self, clock):
        browser = browser_of(stories.submitted(at=clock))
        message = Message.objects.get()

        before = browser.get("/member/messages/")
        browser.client.post(f"/member/messages/{message.pk}/open/")
        after = browser.get("/member/messages/")

        assert [len(page.soup.select(".inbox__mark")) for page in (before, after)] == [1, 0]

    def test_opening_leads_to_what_it_is_about(self, clock):
        browser = browser_of(stories.submitted(at=clock))

        response = browser.client.post(f"/member/messages/{Message.objects.get().pk}/open/")

        assert (response.status_code, response["Location"]) == (302, HOME)

    def test_reading_the_list_marks_nothing(self, clock):
        browser = browser_of(stories.submitted(at=clock))

        browser.get("/member/messages/")
        browser.client.get(f"/member/messages/{Message.objects.get().pk}/open/")

        assert Message.objects.get().read_at is None

    def test_全部标为已读_leaves_none(self, clock):
        browser = browser_of(stories.checking(at=clock))

        page = browser.post("/member/messages/")

        assert not Message.objects.filter(read_at__isnull=True).exists()
        assert "2 条消息已标为已读" in page.text

    def test_全部标为已读_counts_up_to_what_the_page_showed(self, clock):
        browser = browser_of(stories.checking(at=clock))
        first, later = Message.objects.order_by("pk")

        browser.post("/member/messages/", {"newest": first.pk})

        later.refresh_from_db()
        assert later.read_at is None

    @pytest.mark.parametrize("newest", ["", "x", "9" * 40, "-1"])
    def test_全部标为已读_with_a_key_that_cannot_be_reads_all(self, newest, clock):
        browser_of(stories.checking(at=clock)).post("/member/messages/", {"newest": newest})

        assert not Message.objects.filter(read_at__isnull=True).exists()

    def test_the_unread_have_a_tab_of_their_own(self, clock):
        browser = browser_of(stories.checking(at=clock))
        first, later = Message.objects.order_by("pk")
        browser.client.post(f"/member/messages/{first.pk}/open/")

        page = browser.get("/member/messages/?show=unread")

        assert (later.title in page.main, first.title in page.main) == (True, False)
        assert page.soup.select_one(".tabs [aria-current=page]").get_text() == "未读1"

    def test_when_all_are_read_the_tab_says_so(self, clock):
        browser = browser_of(stories.checking(at=clock))
        browser.post("/member/messages/")

        assert "没有未读的消息" in browser.get("/member/messages/?show=unread").main

    def test_one_may_be_marked_without_leaving_the_list(self, clock):
        browser = browser_of(stories.submitted(at=clock))
        message = Message.objects.get()

        response = browser.client.post(f"/member/messages/{message.pk}/open/", {"act": "stay", "show": "unread"})

        message.refresh_from_db()
        assert (response["Location"], message.read_at) == ("/member/messages/?show=unread", clock)

    def test_the_badge_counts_the_unread_in_header_and_menu(self, clock):
        page = browser_of(stories.checking(at=clock)).get(HOME)

        assert page.soup.select_one(".site-header__mail")["aria-label"] == "消息，2 条未读"
        assert "消息 2 条未读" in " ".join(page.soup.select_one(".side-menu").get_text(" ").split())

    def test_a_message_leads_to_its_application(self, clock):
        application = stories.checking(at=clock)

        page = browser_of(application).get("/member/messages/")

        assert page.link(application.number) == f"/member/applications/{application.pk}/"

    def test_a_long_text_unfolds_without_javascript(self, clock):
        application = stories.checking(at=clock)
        Message.objects.update(body="长" * 2000)

        page = browser_of(application).get("/member/messages/")

        assert page.soup.select_one("details .inbox__glimpse").get_text() == "长" * 100 + "…"
        assert page.soup.select_one("details > p").get_text() == "长" * 2000

    def test_anothers_message_is_not_found(self, clock):
        stories.submitted(at=clock)

        response = Browser(UserFactory()).client.post(f"/member/messages/{Message.objects.get().pk}/open/")

        assert response.status_code == 404
        assert Message.objects.get().read_at is None

    @pytest.mark.parametrize("before", ["x", "999999", "9" * 40, "-1", "²"])
    def test_a_page_that_cannot_be_shows_the_newest(self, before, clock):
        page = browser_of(stories.submitted(at=clock)).get(f"/member/messages/?before={before}")

        assert "会员申请提交成功" in page.main

    def test_an_empty_box_says_what_will_come(self, clock):
        assert "还没有消息" in Browser(UserFactory()).get("/member/messages/").main


class TestApplication:  # APP-12, D-2, S-5
    def test_all_that_was_submitted_is_there_the_number_of_the_document_masked(self, clock):
        application = stories.checking(at=clock, name=LONG)
        number = application.proposed_dossier.document_number

        page = browser_of(application).get(f"/member/applications/{application.pk}/")

        assert LONG in page.main
        assert "shen@example.org" in page.main
        assert number not in page.main
        assert f"{number[:2]}**************{number[-2:]}" in page.main

    def test_the_scan_and_the_form_can_be_fetched(self, clock):
        application = stories.checking(at=clock)
        page = browser_of(application).get(f"/member/applications/{application.pk}/")
        scanned = application.member.attachments.get(kind=AttachmentKind.STAMPED_PAGE)

        assert page.link("第 1 页") == f"/files/{scanned.pk}/"
        assert page.link("打印/下载申请表格") == f"/member/applications/{application.pk}/form.pdf"

    def test_an_earlier_version_stays_readable(self, clock):
        application = stories.returned(at=clock)
        person = owner_of(application)
        enrolment.save_draft(application=application, person=person, answers={"specialty": "放射治疗"}, at=clock)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=clock)
        browser = Browser(person)

        latest = browser.get(f"/member/applications/{application.pk}/")
        first = browser.get(f"/member/applications/{application.pk}/?version=1")

        assert ("放射治疗" in latest.main, "放射治疗" in first.main) == (True, False)
        assert "第 1 版（ 2026-03-17 提交）" in latest.main

    @pytest.mark.parametrize("version", ["9", "0", "99999999999999999999"])
    def test_a_version_that_never_was_is_not_found(self, version, clock):
        application = stories.checking(at=clock)

        browser_of(application).get(f"/member/applications/{application.pk}/?version={version}", status=404)

    def test_a_draft_has_no_record_yet(self, clock):
        application = stories.draft(at=clock)

        browser_of(application).get(f"/member/applications/{application.pk}/", status=404)

    def test_anothers_application_does_not_exist(self, clock):
        application = stories.checking(at=clock)

        for name in ("member_application", "member_withdraw"):
            Browser(UserFactory()).get(reverse(name, args=[application.pk]), status=404)


class TestWithdraw:  # B1
    def test_it_asks_once_more_and_says_what_follows(self, clock):
        application = stories.submitted(at=clock)

        page = browser_of(application).get(f"/member/applications/{application.pk}/withdraw/")

        assert page.heading == "撤销整份申请？"
        assert page.link("保留申请") == HOME
        assert page.has_button("申请撤销")
        assert Application.objects.get().state == ApplicationState.AWAITING_FORM

    def test_confirmed_it_ends(self, clock):
        application = stories.submitted(at=clock)

        page = browser_of(application).post(f"/member/applications/{application.pk}/withdraw/")

        assert Application.objects.get().state == ApplicationState.WITHDRAWN
        assert "申请已撤销" in page.main

    def test_a_second_click_shows_what_already_happened(self, clock):
        application = stories.submitted(at=clock)
        browser = browser_of(application)
        browser.post(f"/member/applications/{application.pk}/withdraw/")

        page = browser.post(f"/member/applications/{application.pk}/withdraw/")

        assert "已撤销，不用再操作" in page.text

    def test_a_closed_application_is_led_back(self, clock):
        application = stories.approved(at=clock)

        response = browser_of(application).client.get(f"/member/applications/{application.pk}/withdraw/")

        assert (response.status_code, response["Location"]) == (302, HOME)


class TestWithdrawRow:
    @pytest.fixture
    def application(self, clock) -> Application:
        return stories.deciding(at=clock, institutions=InstitutionFactory.create_batch(2, committee=True))

    @pytest.fixture
    def row(self, application) -> ApplicationInstitution:
        return application.rows.order_by("pk").first()

    def test_it_names_the_institution_and_says_that_the_others_go_on(self, application, row):
        page = browser_of(application).get(f"/member/rows/{row.pk}/withdraw/")

        assert page.heading == f"撤销对{row.institution.name}的申请？"
        assert "其他机构的审核照常进行" in page.main

    def test_confirmed_it_ends_and_the_others_go_on(self, application, row):
        browser_of(application).post(f"/member/rows/{row.pk}/withdraw/")

        assert list(application.rows.order_by("pk").values_list("state", flat=True)) == [RowState.WITHDRAWN, RowState.PENDING]

    def test_of_the_last_one_it_says_that_the_application_ends(self, application, row, clock):
        browser = browser_of(application)
        browser.post(f"/member/rows/{row.pk}/withdraw/")
        last = application.rows.order_by("pk").last()

        assert "整份申请随之结束" in browser.get(f"/member/rows/{last.pk}/withdraw/").main

    def test_decided_meanwhile_it_shows_what_happened_and_changes_nothing(self, application, row, clock):
        stories.approve_row(row, at=clock)

        page = browser_of(application).post(f"/member/rows/{row.pk}/withdraw/")

        assert "目前状态为「审批通过」" in page.text
        assert ApplicationInstitution.objects.get(pk=row.pk).state == RowState.APPROVED

    def test_a_second_click_shows_what_already_happened(self, application, row):
        browser = browser_of(application)
        browser.post(f"/member/rows/{row.pk}/withdraw/")

        assert "已撤销，不用再操作" in browser.post(f"/member/rows/{row.pk}/withdraw/").text

    @pytest.mark.parametrize("name", ["member_row_withdraw", "member_row_resubmit"])
    def test_anothers_row_does_not_exist(self, row, name):
        browser = Browser(UserFactory())

        browser.get(reverse(name, args=[row.pk]), status=404)
        browser.post(reverse(name, args=[row.pk]), status=404)


class TestResubmitRow:  # A-4, APP-7
    @pytest.fixture
    def row(self, clock) -> ApplicationInstitution:
        application = stories.deciding(at=clock, institutions=InstitutionFactory.create_batch(2, committee=True))
        row = application.rows.order_by("pk").first()
        stories.refuse_row(row, at=clock, reason="材料不足")
        return row

    @pytest.fixture
    def browser(self, row) -> Browser:
        return browser_of(row.application)

    def url(self, row) -> str:
        return f"/member/rows/{row.pk}/resubmit/"

    def test_the_page_says_to_whom_and_why_it_was_refused(self, browser, row):
        page = browser.get(self.url(row))

        assert row.institution.full_name in page.main
        assert "材料不足" in page.main
        assert len(page.soup.find_all("input", type="file")) == 3

    def test_a_statement_with_pictures_goes_to_that_institution(self, browser, row):
        pictures = {f"supplement_{number}": photograph(f"病例{number}.jpg") for number in (1, 3)}

        browser.post(self.url(row), {"statement": "补充了病例数", **pictures})

        row.refresh_from_db()
        assert (row.state, row.round, row.statement, row.supplements.count()) == (RowState.PENDING, 2, "补充了病例数", 2)

    def test_without_a_statement_the_field_says_what_to_do(self, browser, row):
        page = browser.post(self.url(row), {"statement": "  "}, status=422)

        assert "请写明补充或更正了什么" in page.main
        assert page.soup.find("a", href="#id_statement")

    def test_a_bad_picture_keeps_the_statement_and_says_that_pictures_are_chosen_again(self, browser, row):
        bad = upload("病例.jpg", b"GIF89a" + b"0" * 100)

        page = browser.post(self.url(row), {"statement": "补充了病例数", "supplement_1": bad}, status=422)

        assert "内容却是 GIF 格式" in page.main
        assert page.soup.find(id="id_statement").get_text(strip=True) == "补充了病例数"
        assert "请重新选择图片" in page.main
        assert ApplicationInstitution.objects.get(pk=row.pk).state == RowState.REFUSED

    def test_a_text_too_long_is_refused_with_its_length(self, browser, row):
        page = browser.post(self.url(row), {"statement": "长" * 2001}, status=422)

        assert "最多 2000 个字，现在是 2001 个" in page.main

    def test_a_second_click_changes_nothing(self, browser, row, clock):
        browser.post(self.url(row), {"statement": "补充了病例数"})

        page = browser.post(self.url(row), {"statement": "又一次"})

        row.refresh_from_db()
        assert (row.round, row.statement) == (2, "补充了病例数")
        assert "已再次提交" in page.text

    def test_a_row_that_was_not_refused_is_led_back(self, browser, row):
        other = row.application.rows.exclude(pk=row.pk).get()

        assert browser.client.get(self.url(other)).status_code == 302

    def test_a_closed_institution_is_named(self, browser, row, clock):
        row.institution.closed_on = (clock - timedelta(days=1)).date()
        row.institution.save()

        page = browser.post(self.url(row), {"statement": "补充了病例数"}, status=422)

        assert "该机构现在不接受申请" in page.main
