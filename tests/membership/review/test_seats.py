"""委员任职 in the admin: who gets in, the list and its filters, registering, changing, ending, and the history (I-8)."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from membership import pinyin, rules
from membership.accounts import roles
from membership.enums import EndorsementState, SeatRole
from membership.models import AuditEntry, Member, Message, Seat, User
from membership.review import seats_admin
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import (
    MemberFactory,
    SeatFactory,
    UserFactory,
    active_member,
    association_reviewer,
    committee_member,
    freeze,
    institution_reviewer,
    staff,
)
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/seats/", "/admin/seats/add/"
TODAY = date(2026, 3, 17)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    roles.ensure_groups()
    monkeypatch.setattr(timezone, "now", lambda: at)


@pytest.fixture
def admin() -> Client:
    return client_of(staff(rules.ADMINISTRATOR, "管理员"))


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


@pytest.fixture
def seat(lung) -> Seat:
    return committee_member(committee=lung)


def url(seat: Seat, page: str = "") -> str:
    return f"{LIST}{seat.pk}/{page}"


def soup_of(response: HttpResponse) -> BeautifulSoup:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content.decode(), "html.parser")


def text_of(response: HttpResponse) -> str:
    return " ".join(soup_of(response).select_one(".review").get_text(" ").split())


def listed(client: Client, query: str = "") -> list[str]:
    return [link.find(string=True) for link in soup_of(client.get(f"{LIST}{query}")).select("table th a")]


def named(seat: Seat, name: str) -> Seat:
    seat.member.name = name
    seat.member.name_pinyin, seat.member.name_initials = pinyin.readings(name)
    seat.member.save()
    return seat


class TestWhoGetsIn:  # product: People; REV-4
    @pytest.fixture
    def people(self, at) -> dict[str, User | AnonymousUser]:
        frozen = staff(rules.ADMINISTRATOR)
        freeze(MemberFactory(user=frozen), at=at)
        return {
            "visitor": AnonymousUser(),
            "member": active_member().user,
            "committee member": committee_member().member.user,
            "institution reviewer": institution_reviewer(),
            "association reviewer": association_reviewer(),
            "editor": staff(rules.EDITOR),
            "support": staff(rules.SUPPORT),
            "superuser without a role": User.objects.create_superuser("+8618811110000"),
            "frozen administrator": frozen,
            "administrator": staff(rules.ADMINISTRATOR),
        }

    @pytest.mark.parametrize("page", ["", "add/", "{pk}/", "{pk}/end/", "{pk}/remove/"])
    def test_every_page_is_the_administrators_alone(self, people, seat, page):
        address = f"{LIST}{page.format(pk=named(seat, '单雄信').pk)}"
        answers = {}
        for who, person in people.items():
            client = client_of(person) if person.is_authenticated else Client()
            answers[who] = client.get(address).status_code
            if who != "administrator":
                posted = client.post(
                    address, {"last_day": "2026-03-10", "role": "chair", "starts_on": "2026-01-01", "ends_on": "2026-04-01"}
                )
                assert posted.status_code in (302, 404, 403), who
                assert seat.member.name not in posted.content.decode()

        assert {who for who, status in answers.items() if status == 200} == {"administrator"}
        assert answers["support"] == answers["association reviewer"] == 404
        seat.refresh_from_db()
        assert (seat.role, seat.ends_on) == (SeatRole.MEMBER, date(2026, 12, 31))

    @pytest.mark.parametrize(("role", "there"), [(rules.ADMINISTRATOR, True), (rules.SUPPORT, False), (rules.EDITOR, False)])
    def test_the_menu_shows_it_to_whom_it_is_for(self, role, there):
        assert ("/admin/seats/" in client_of(staff(role)).get("/admin/").content.decode()) is there

    @pytest.mark.parametrize("page", ["999999/", "999999/end/", "999999/remove/", "0/", "x/", "-1/"])
    def test_a_seat_that_is_none_is_not_found(self, admin, page):
        assert admin.get(f"{LIST}{page}").status_code == 404


class TestList:
    def test_what_runs_stands_there_first_what_ends_first(self, admin):
        named(committee_member(ends_on=date(2026, 9, 1)), "后结束")
        named(committee_member(ends_on=date(2026, 6, 1)), "先结束")
        named(SeatFactory(ends_on=YESTERDAY), "已结束")

        assert listed(admin) == ["先结束", "后结束"]

    @pytest.mark.parametrize(("query", "name"), [("?when=ending", "快结束"), ("?when=over", "已结束"), ("?when=coming", "未开始")])
    def test_tabs_by_how_the_term_stands(self, admin, query, name):
        named(committee_member(ends_on=TODAY + timedelta(days=9)), "快结束")
        named(SeatFactory(ends_on=YESTERDAY), "已结束")
        named(SeatFactory(starts_on=date(2026, 4, 1)), "未开始")
        named(committee_member(), "任期内")

        assert listed(admin, query) == [name]
        assert len(listed(admin, "?when=any")) == 4

    def test_search_by_name_pinyin_initials_and_number_within_a_committee(self, admin, seat, lung):
        named(seat, "单雄信")
        named(committee_member(), "单雄信")

        for term in ("单雄", "shanxiong", "sxx", "danxiong"):
            assert len(listed(admin, f"?q={term}")) == 2, term
            assert len(listed(admin, f"?q={term}&committee={lung.pk}")) == 1, term
        assert listed(admin, f"?q={seat.member.number}") == ["单雄信"]
        assert listed(admin, "?q=雄信") == []

    @pytest.mark.parametrize(
        "query",
        [
            *("?when=x", "?committee=x", "?committee=999999", "?after=x", "?before=9999-99-99.1", "?q=%00", "?q=%25", f"?q={'王' * 400}"),
            *("?p=9", "?o=1", "?member__user__password__startswith=p"),
        ],
    )
    def test_an_address_that_means_nothing_is_a_list(self, admin, seat, query):
        assert admin.get(f"{LIST}{query}").status_code == 200

    def test_what_suspends_the_right_stands_beside_the_term(self, admin, seat, at):
        freeze(seat.member, at=at)

        assert "已冻结" in text_of(admin.get(LIST))

    def test_pages_go_on_from_the_last_line(self, admin, monkeypatch):
        monkeypatch.setattr(seats_admin, "PAGE_SIZE", 2)
        for number in range(3):
            named(committee_member(ends_on=date(2026, 6, 1 + number)), f"第{'一二三'[number]}位")

        following = soup_of(admin.get(LIST)).select_one("nav.paging a[rel=next]")["href"]

        assert listed(admin) == ["第一位", "第二位"]
        assert listed(admin, following.removeprefix(LIST)) == ["第三位"]

    @pytest.mark.parametrize("query", ["", "?when=ending", "?q=nobody"])
    def test_empty_it_says_what_will_stand_there(self, admin, query):
        assert soup_of(admin.get(f"{LIST}{query}")).select_one(".review-empty p")

    def test_neither_phone_nor_document_stands_there(self, admin, seat):
        assert seat.member.user.get_username()[3:] not in admin.get(LIST).content.decode()

    def test_it_costs_the_same_however_long_it_is(self, admin):
        committee_member()
        admin.get(LIST)

        with CaptureQueriesContext(connection) as short:
            admin.get(LIST)
        for _ in range(8):
            committee_member()
        with CaptureQueriesContext(connection) as long:
            admin.get(LIST)

        assert len(long) == len(short)


class TestRegistering:
    TERM = {"role": "vice_chair", "starts_on": "2026-03-17", "ends_on": "2029-03-16"}

    def find(self, admin, person) -> BeautifulSoup:
        return soup_of(admin.post(ADD, {"act": "find", "person": person}))

    def test_the_person_is_found_by_the_whole_name_and_marked_then_registered(self, admin, lung):
        member = active_member(name="欧阳若兰")

        page = self.find(admin, "欧阳若兰")
        pick = page.select_one("input[name=pick]")
        response = admin.post(ADD, {"act": "save", "person": "欧阳若兰", "pick": pick["value"], "committee": lung.pk, **self.TERM})

        assert pick.has_attr("checked") and member.number in page.get_text()
        seat = Seat.objects.get()
        assert response.url == url(seat)
        assert (seat.member, seat.committee, seat.role, seat.ends_on) == (member, lung, SeatRole.VICE_CHAIR, date(2029, 3, 16))

    def test_or_by_the_number(self, admin, lung):
        member = active_member()

        assert self.find(admin, member.number.lower()).select_one("input[name=pick]")["value"] == str(member.pk)

    @pytest.mark.parametrize("person", ["欧阳", "欧", "ouyang", "%", "", " "])
    def test_never_by_a_part_of_it(self, admin, person):
        active_member(name="欧阳若兰")

        page = self.find(admin, person)

        assert not page.select("input[name=pick]")
        assert page.select_one("[role=alert]")

    def test_of_two_of_one_name_one_is_chosen(self, admin, lung):
        first, second = active_member(name="王芳"), active_member(name="王芳")
        sent = {"act": "save", "person": "王芳", "committee": lung.pk, **self.TERM}

        page = soup_of(admin.post(ADD, sent))
        admin.post(ADD, {**sent, "pick": second.pk})

        assert "请核对下面找到的人" in page.get_text()
        assert [one["value"] for one in page.select("input[name=pick]")] == [str(first.pk), str(second.pk)]
        assert Seat.objects.get().member == second

    def test_a_mark_that_does_not_belong_to_the_name_counts_for_nothing(self, admin, lung):
        active_member(name="王芳")
        other = active_member(name="李娜")

        for pick in (other.pk, "x", "", "9" * 19):
            admin.post(ADD, {"act": "save", "person": "王芳", "pick": pick, "committee": lung.pk, **self.TERM})

        assert not Seat.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"committee": ""}, "请选择专委会"),
            ({"committee": "999999"}, "请选择现在开放的专委会"),
            ({"role": "king"}, "请从列表中选择任职"),
            ({"starts_on": ""}, "请填写日期"),
            ({"ends_on": "2026-02-30"}, "日期不对"),
            ({"ends_on": "9999-12-31"}, "日期不对"),
            ({"ends_on": "2026-03-17"}, "须晚于开始日期"),
            ({"ends_on": "2031-03-18"}, "最长 5 年"),
            ({"starts_on": "2020-01-01", "ends_on": "2024-01-01"}, "不能早于今天"),
        ],
    )
    def test_what_cannot_be_a_seat_comes_back_with_its_reason(self, admin, lung, changes, says):
        member = active_member(name="王芳")
        sent = {"act": "save", "person": "王芳", "pick": member.pk, "committee": lung.pk, **self.TERM, **changes}

        page = soup_of(admin.post(ADD, sent))

        assert says in page.select_one("[role=alert]").get_text()
        assert not Seat.objects.exists()

    def test_a_regional_association_is_not_offered(self, admin):
        regional = InstitutionFactory(regional=True)

        assert not soup_of(admin.get(ADD)).select_one(f"select[name=committee] option[value='{regional.pk}']")

    def test_no_list_of_members_is_anywhere(self, admin):
        active_member(name="欧阳若兰")

        for page in (LIST, ADD):
            assert "欧阳若兰" not in admin.get(page).content.decode()


class TestChanging:
    def post(self, admin, seat, **changes):
        form = {"role": seat.role, "starts_on": f"{seat.starts_on}", "ends_on": f"{seat.ends_on}"}
        return admin.post(url(seat), {**form, **changes}, follow=True)

    def test_role_and_term_are_kept_and_stand_in_the_history(self, admin, seat):
        page = text_of(self.post(admin, seat, role="chair", ends_on="2027-06-30"))

        seat.refresh_from_db()
        assert (seat.role, seat.ends_on) == (SeatRole.CHAIR, date(2027, 6, 30))
        assert "更改 管理员" in page
        assert "任职：委员 → 主任委员" in page and "任期结束：2026-12-31 → 2027-06-30" in page

    def test_the_first_day_of_a_term_that_has_begun_cannot_be_sent(self, admin, seat):
        self.post(admin, seat, starts_on="2025-01-01")

        seat.refresh_from_db()
        assert seat.starts_on == date(2026, 1, 1)

    def test_a_seat_that_is_over_has_no_form(self, admin):
        seat = SeatFactory(ends_on=YESTERDAY, member=active_member())

        assert not soup_of(admin.get(url(seat))).select("select[name=role]")
        assert "任期已结束，不能再改" in text_of(self.post(admin, seat, ends_on="2027-01-01"))

    def test_its_page_tells_what_hangs_on_it(self, admin, seat, at):
        stories.submitted(at=at, referral=stories.referred_by(seat))

        assert "1 份等待答复， 0 份已同意" in text_of(admin.get(url(seat)))


class TestEnding:
    def test_it_is_asked_first_with_all_that_follows(self, admin, seat, at):
        stories.submitted(at=at, referral=stories.referred_by(seat))
        stories.draft(at=at, referral=stories.referred_by(seat))
        stories.checking(at=at, referral=stories.referred_by(seat))

        page = text_of(admin.get(url(seat, "end/")))

        for words in (
            "1 份还没有答复的推荐请求失效",
            "推荐人已变更，请重新选择",
            "已同意的 1 份推荐仍然有效",
            "1 份没有提交的申请写着这位委员",
        ):
            assert words in page
        seat.refresh_from_db()
        assert seat.ends_on == date(2026, 12, 31)

    def test_the_last_day_counts_from_then_on(self, admin, seat, at):
        application = stories.submitted(at=at, referral=stories.referred_by(seat))

        response = admin.post(url(seat, "end/"), {"last_day": "2026-03-16"})

        seat.refresh_from_db()
        assert (response.url, seat.ends_on) == (url(seat), YESTERDAY)
        assert application.endorsements.get().state == EndorsementState.VOID
        assert Message.objects.filter(user=seat.member.user, code="seat-ended").exists()
        assert "结束任职 管理员" in text_of(admin.get(url(seat)))

    @pytest.mark.parametrize(
        ("day", "says"), [("", "请填写日期"), ("x", "日期不对"), ("2025-12-31", "晚于开始日期"), ("2027-01-01", "原定 2026-12-31 结束")]
    )
    def test_a_day_that_cannot_be_it_comes_back(self, admin, seat, day, says):
        page = soup_of(admin.post(url(seat, "end/"), {"last_day": day}))

        assert says in page.select_one("[role=alert]").get_text()

    def test_what_is_over_or_has_not_begun_has_nothing_to_end(self, admin):
        over, coming = SeatFactory(ends_on=YESTERDAY), SeatFactory(starts_on=date(2026, 4, 1))

        for seat in (over, coming):
            assert not soup_of(admin.get(url(seat, "end/"))).select("input[name=last_day]")
        assert "任期已结束" in admin.post(url(over, "end/"), {"last_day": "2026-02-01"}, follow=True).content.decode()


class TestRemoving:
    def test_a_mistake_goes_after_a_question(self, admin, seat):
        assert "只用来改正登记错误" in text_of(admin.get(url(seat, "remove/")))

        response = admin.post(url(seat, "remove/"))

        assert response.url == LIST
        assert not Seat.objects.exists()
        assert AuditEntry.objects.filter(action="seat.remove").exists()
        assert Member.objects.filter(pk=seat.member_id).exists()

    def test_a_seat_somebody_named_stays(self, admin, seat, at):
        stories.submitted(at=at, referral=stories.referred_by(seat))

        admin.post(url(seat, "remove/"))

        assert Seat.objects.exists()
        assert "登记不能删除" in text_of(admin.get(url(seat, "remove/")))
        assert not soup_of(admin.get(url(seat))).find("a", href=url(seat, "remove/"))

    def test_an_account_of_no_role_removes_nothing(self, seat):
        assert client_of(UserFactory()).post(url(seat, "remove/")).status_code == 403
        assert Seat.objects.exists()
