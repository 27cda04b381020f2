"""The admin as each role finds it: name at the foot, menu in the order of work, what waits on the first page (REV-1, UI-9, ACC-6)."""

import json
import re
from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Page, Site

from guide_pages.models import GuideChapterPage, GuideIndexPage, Helpfulness, NewsArticlePage, NewsIndexPage, SiteSettings
from membership.domain import feedback, recusals
from membership.domain.announcements import announce
from membership.enums import DeliveryState
from membership.models import CalendarDay, Delivery, User, WorkUnitRequest, read_only
from membership.periods import SHANGHAI
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

ROLES = ("association_reviewer", "institution_reviewer", "administrator", "editor", "support")
# Role → the entries its menu begins with.
MENU = {
    "association_reviewer": ["review"],
    "institution_reviewer": ["review"],
    "administrator": ["settings", "reference-data", "feedback"],
    "editor": ["explorer", "images", "documents", "reports", "settings"],
    "support": ["feedback", "unit-requests", "messages", "reference-data"],
}
# Role → the headings of what waits on its first page.
HOME = {
    "association_reviewer": {"入会审核", "机构审核"},
    "institution_reviewer": {"机构审核"},
    "administrator": {"意见反馈", "工作单位", "页面修改", "短信", "维护模式", "网站公告"},
    "editor": {"页面修改", "网站公告"},
    "support": {"意见反馈", "工作单位", "短信"},
}


def home_of(user: User) -> str:
    return client_of(user).get("/admin/").text


def sidebar_of(html: str) -> list[dict]:
    """Return the parts of the menu as the page hands them to Wagtail's script."""
    props = re.search(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', html, re.DOTALL)
    return json.loads(props.group(1))["modules"][-1]["_args"]


def entries_of(html: str) -> list[dict]:
    return [entry["_args"] for entry in sidebar_of(html)[0]]


def links_of(entries: list) -> set[str]:
    """Return the addresses that a menu leads to, those below a group too."""
    found = set()
    for facts, *below in entries:
        if facts.get("url", "#") != "#":
            found.add(facts["url"])
        if below and isinstance(below[0], list):
            found |= links_of([entry["_args"] for entry in below[0]])
    return found


class TestTheMenu:
    @pytest.mark.parametrize("role", ROLES)
    def test_it_begins_with_what_the_role_works_with(self, role):
        names = [entry[0]["name"] for entry in entries_of(home_of(staff(role)))]

        assert names[: len(MENU[role])] == MENU[role]

    def test_who_has_two_roles_finds_both_in_front(self):
        user = staff("association_reviewer")
        user.groups.add(*staff("editor").groups.all())

        names = [entry[0]["name"] for entry in entries_of(home_of(user))]

        assert names[:3] == ["review", "explorer", "images"]

    @pytest.mark.parametrize("role", ROLES)
    def test_every_entry_can_be_opened(self, role):
        user = staff(role)
        browser = client_of(user)

        refused = {
            url for url in links_of(entries_of(home_of(user))) if browser.get(url, follow=True).redirect_chain[-1:] == [("/admin/", 302)]
        }

        assert refused == set()

    @pytest.mark.parametrize(
        ("names", "shown"),
        [({"last_name": "王机构"}, "王机构"), ({"last_name": "欧阳", "first_name": "静"}, "欧阳静"), ({"last_name": ""}, "138 0013 8000")],
    )
    def test_the_person_is_named_at_its_foot(self, names, shown):
        user = staff("support")
        User.objects.filter(pk=user.pk).update(phone="+8613800138000", **names)

        assert sidebar_of(home_of(user))[2]["name"] == shown

    def test_it_leads_to_the_account_by_the_names_its_pages_bear(self):
        user = staff("support")
        entries = [entry["_args"][0] for entry in sidebar_of(home_of(user))[1]]

        assert [entry["label"] for entry in entries] == ["姓名与外观", "账号与安全", "退出登录"]
        assert "<title>账号与安全" in client_of(user).get(entries[1]["url"]).text

    def test_the_reports_leave_out_what_only_programmers_read(self):
        assert "/admin/reports/page-types-usage/" not in links_of(entries_of(home_of(staff("editor"))))


class TestTheFirstPage:
    @pytest.mark.parametrize("role", ROLES)
    def test_it_shows_what_the_role_has_to_do(self, role):
        html = home_of(staff(role))

        assert set(titles_of(html)) == HOME[role]

    def test_it_says_who_is_there_as_what_and_for_whom(self, at):
        application = stories.deciding(at=at)
        institution = application.rows.first().institution

        html = home_of(institution_reviewer(institution, name="王老师"))

        assert "王老师 · 机构审核员" in html
        assert institution.name in html

    def test_a_reviewer_reads_what_waits_what_is_overdue_and_the_next_deadline(self, at, clock):
        first = stories.checking(at=at)
        reviewer = staff("association_reviewer")

        assert "待审核 1 份" in home_of(reviewer)
        assert f"下一个期限 {first.stage_due_on:%Y-%m-%d}" in home_of(reviewer)

        clock.now = at + timedelta(days=60)
        html = home_of(reviewer)

        assert "1 份超期" in html
        assert "下一个期限" not in html

    def test_an_administrator_reads_of_cases_once_nobody_of_the_association_is_left_for_them(self, at):  # S-7
        administrator, reviewer = staff("administrator"), staff("association_reviewer")
        application = stories.checking(at=at)
        assert "待审核" not in home_of(administrator)

        recusals.recuse(case=application, reviewer=reviewer, reason="申请人是我的学生", at=at)

        assert "待审核 1 份" in home_of(User.objects.get(pk=administrator.pk))

    def test_an_administrator_is_reminded_of_the_coming_years_holidays_until_one_is_entered(self, clock):
        administrator = staff("administrator")
        clock.now = datetime(2039, 11, 1, 10, tzinfo=SHANGHAI)
        assert "待录入" not in home_of(administrator) or "2040" not in home_of(administrator)

        clock.now = datetime(2039, 12, 1, 10, tzinfo=SHANGHAI)
        assert "待录入 2040 年" in home_of(administrator)
        assert "待录入" not in home_of(staff("editor"))

        CalendarDay.objects.create(date=date(2040, 1, 2), is_working=False, name="元旦")
        cache.clear()
        assert "待录入 2040 年" not in home_of(administrator)

    def test_a_reviewer_without_work_reads_so(self):
        assert "没有待审核的" in home_of(staff("association_reviewer"))

    def test_who_answers_reads_since_when_the_first_one_waits(self, at):
        for days in (3, 1):
            feedback.send_feedback(person=UserFactory(), category="application", text=f"第 {days} 个问题", at=at - timedelta(days=days))

        html = home_of(staff("support"))

        assert "待答复 2 条" in html
        assert f"最早一条 {at - timedelta(days=3):%Y-%m-%d}" in html

    @pytest.mark.parametrize("role", ["support", "administrator"])
    def test_the_count_of_texts_that_were_not_sent_leads_to_them(self, role, at):
        unsent(at - timedelta(days=1), to="沈砚秋")
        unsent(at - timedelta(days=30), to="林怀谦")
        user = staff(role)

        card = card_of(home_of(user), "短信")

        assert "没有发出 1 条" in card.text
        listed = client_of(user).get(card["href"]).text
        assert "沈砚秋" in listed
        assert "林怀谦" not in listed

    def test_texts_that_failed_long_ago_are_not_counted(self, at):
        unsent(at - timedelta(days=30), to="林怀谦")

        assert "没有发送失败的" in home_of(staff("support"))

    def test_the_maintenance_stands_first_while_it_is_on_and_after_what_waits_else(self):
        administrator = staff("administrator")
        assert titles_of(home_of(administrator))[0] == "意见反馈"

        mode = read_only.current()
        mode.is_on = True
        mode.save()

        assert titles_of(home_of(administrator))[0] == "维护模式"

    def test_support_reads_which_units_are_asked_for(self, at):
        WorkUnitRequest.objects.create(name="天津市滨海新区某医院", requested_by=UserFactory(), created_at=at)

        html = home_of(staff("support"))

        assert "待添加 1 个" in html
        assert "天津市滨海新区某医院" in html

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "所有人可以正常提交"),
            ({"is_on": True, "starts_at": timedelta(hours=5)}, "3月17日 15:00 开始，之后不能提交"),
            ({"is_on": True, "ends_at": timedelta(hours=2)}, "预计 3月17日 12:00 结束，完成后请关闭"),
            ({"is_on": True, "ends_at": timedelta(hours=-1)}, "已过预计结束时间，完成后请关闭"),
        ],
    )
    def test_the_administrator_reads_how_the_maintenance_mode_stands(self, fields, words, at):
        mode = read_only.current()
        for name, value in fields.items():
            setattr(mode, name, at + value if isinstance(value, timedelta) else value)
        mode.save()

        assert words in home_of(staff("administrator"))

    def test_the_administrator_reads_that_an_operator_closed_it(self, settings):
        settings.READ_ONLY = True

        assert "由运维人员开启，这里不能关闭" in home_of(staff("administrator"))

    @pytest.mark.parametrize("role", ["administrator", "editor"])
    def test_who_edits_the_notice_reads_how_it_stands(self, role, at):
        site = SiteSettings.for_site(Site.objects.get(is_default_site=True))
        site.notice_text, site.notice_starts_at = "续会自 12 月 1 日开始", at + timedelta(hours=1)
        site.save()

        assert "3月17日 11:00 开始显示" in home_of(staff(role))

    def test_editors_read_what_was_saved_last_and_what_is_to_come(self, at):
        editor, colleague = staff("editor"), staff("editor", "李编辑")
        page = news("年会通知")
        page.save_revision(user=colleague)
        plan = page.save_revision(user=colleague, approved_go_live_at=at + timedelta(days=1))
        page.go_live_at = plan.approved_go_live_at

        html = home_of(editor)

        assert "定时发布与下线" in html
        assert f"{at + timedelta(days=1):%Y-%m-%d} 10:00 发布" in html
        assert "李编辑 · 草稿" in html

    def test_a_reviewer_reads_nothing_of_pages(self):
        news("年会通知").save_revision()

        assert "年会通知" not in home_of(staff("association_reviewer"))


class TestTheAccount:
    """姓名与外观."""

    def answer(self, user: User, **changes):
        """Post the page as it is, with other answers in some fields."""
        browser = client_of(user)
        form = BeautifulSoup(browser.get("/admin/account/").text, "html.parser").select_one("main form")
        fields = {field["name"]: field.get("value", "") for field in form.select("input[name]:not([type=file])")}
        fields |= {field["name"]: field.select_one("option[selected]")["value"] for field in form.select("select")}
        return browser.post("/admin/account/", {**fields, **changes})

    def test_a_name_is_one_field_and_nothing_has_to_be_added_to_save(self):
        user = staff("support", "王支持")

        response = self.answer(user)

        user.refresh_from_db()
        assert response.status_code == 302
        assert user.get_full_name() == "王支持"

    def test_a_name_in_two_parts_is_kept_whole(self):
        user = staff("support")
        User.objects.filter(pk=user.pk).update(last_name="欧阳", first_name="静")

        self.answer(user)

        user.refresh_from_db()
        assert user.get_full_name() == "欧阳静"

    def test_without_a_name_nothing_is_saved(self):
        user = staff("support", "王支持")

        response = self.answer(user, **{"name_email-name": ""})

        user.refresh_from_db()
        assert "请填写" in response.text
        assert user.get_full_name() == "王支持"


class TestTheReports:
    def test_the_guides_report_shows_what_its_readers_answered(self):
        root = Site.objects.get().root_page
        guide = root.add_child(instance=GuideIndexPage(title="会员指南", slug="guide"))
        chapter = guide.add_child(
            instance=GuideChapterPage(title="新会员入会", slug="web-enrolment", device="phone", part=1, intro="八步。")
        )
        Helpfulness.objects.create(page=chapter, yes=7, no=2)

        html = client_of(staff("editor")).get("/admin/reports/guide-helpfulness/").text

        row = BeautifulSoup(html, "html.parser").select_one("table.listing tbody tr")
        assert [cell.get_text(strip=True) for cell in row.select("td")] == ["新会员入会", "移动端", "7", "2"]

    def test_pages_that_grow_old_are_listed_without_telephone_numbers(self):
        editor = staff("editor")
        news("年会通知").save_revision(user=editor).publish(user=editor)

        html = client_of(editor).get("/admin/reports/aging-pages/").text

        assert "年会通知" in html
        assert str(editor.phone) not in html
        assert not re.search(r">\s*None\s*<", html)


class TestWordsOfItsOwn:
    """What Wagtail's templates say without asking any catalogue."""

    def test_yes_and_no_and_the_buttons_of_the_head_have_chinese_names(self):
        InstitutionFactory(is_active=True)
        InstitutionFactory(is_active=False)

        html = client_of(staff("administrator")).get("/admin/snippets/membership/institution/").text

        assert re.findall(r'aria-label="Actions"|>\s*(?:True|False|None)\s*<', html) == []
        assert set(re.findall(r">\s*(是|否)\s*<", html)) == {"是", "否"}

    def test_a_list_says_how_many_entries_it_has(self):
        InstitutionFactory()

        html = client_of(staff("administrator")).get("/admin/snippets/membership/institution/").text

        assert re.search(r"共 \d+ 项", html)

    def test_a_value_of_a_list_brings_its_label_along_to_the_phone(self):
        InstitutionFactory()

        html = client_of(staff("administrator")).get("/admin/snippets/membership/institution/").text

        assert {"代码", "类别", "启用"} <= set(re.findall(r'data-label="([^"]+)"', html))

    def test_the_figures_of_the_society_have_chinese_names(self):
        html = client_of(staff("administrator")).get("/admin/snippets/membership/societysettings/", follow=True).text

        assert "待交盖章文件：提醒日（天）" in html
        assert "Form reminder days" not in html


def titles_of(html: str) -> list[str]:
    """Return the headings of what waits, in their order."""
    return re.findall(r'class="waiting__title">([^<]+)<', html)


def card_of(html: str, title: str) -> Tag:
    """Return what stands on the first page under a heading."""
    return next(card for card in BeautifulSoup(html, "html.parser").select(".waiting__desk") if title in card.text)


def unsent(at, *, to: str) -> None:
    """A text message to a person of this name that the provider did not take."""
    application = stories.submitted(at=at, name=to)
    message = announce("form-reminder", application.member.user, at=at, application=application, expires=at.date())
    Delivery.objects.filter(message=message).update(state=DeliveryState.FAILED, attempts=3)


def news(title: str) -> Page:
    """Return a draft of a news article."""
    index = NewsIndexPage.objects.first() or Site.objects.get().root_page.add_child(instance=NewsIndexPage(title="新闻", slug="news"))
    return index.add_child(
        instance=NewsArticlePage(title=title, slug="annual", intro="定于五月召开。", date=timezone.localdate(), live=False)
    )
