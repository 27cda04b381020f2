"""加入更多机构 as pages: one page to choose and submit, the receipt, and every way in."""

from datetime import date

import pytest
from django.urls import reverse

from membership.domain import further_enrolment, referral_codes
from membership.domain.further_enrolment import Choice
from membership.enums import ApplicationKind, ApplicationState, MemberType, RowState
from membership.models import Application, Member
from tests.factories import enrolment as stories
from tests.factories.moments import moment, society_settings
from tests.factories.people import UserFactory, committee_member, freeze
from tests.factories.reference import InstitutionFactory
from tests.membership.views.pages import Browser, Page

pytestmark = pytest.mark.django_db

FURTHER = "/member/further/"


def committee(name: str = "", **changes):
    return InstitutionFactory(committee=True, **({"name": name} if name else {}), **changes)


def member_of(*institutions, at, **options) -> Member:
    application = stories.approved(at=at, institutions=list(institutions) or [committee("肺癌专业委员会")], **options)
    return Member.objects.get(pk=application.member_id)


@pytest.fixture
def member(clock) -> Member:
    return member_of(at=clock)


@pytest.fixture
def browser(member) -> Browser:
    return Browser(member.user)


def sent(*institutions, act="submit", true=True, **more) -> dict:
    return {"institutions": [one.pk for one in institutions], "act": act, **({"is_still_true": "on"} if true else {}), **more}


def furthers(member) -> list[Application]:
    return list(member.applications.filter(kind=ApplicationKind.FURTHER_ENROLMENT).order_by("pk"))


def box_of(page: Page, institution):
    return page.soup.find("input", attrs={"name": "institutions", "value": str(institution.pk)})


class TestThePage:  # APP-13
    def test_what_is_known_is_shown_and_not_asked(self, browser, member):
        page = browser.get(FURTHER)

        assert member.name in page.main
        assert member.current_dossier.work_unit_name in page.main
        assert not page.soup.main.find_all("input", type="text")
        assert page.link("申请资料变更") == "/member/actions/change/"

    def test_where_one_is_a_member_the_box_is_off_and_says_why(self, browser, member):
        held = member.affiliations.get().institution

        page = browser.get(FURTHER)

        assert box_of(page, held).has_attr("disabled")
        assert "您已是会员，有效期至 2027-03-17" in page.main

    def test_a_full_group_takes_nothing_more(self, browser, member):
        other = committee()
        society_settings(max_committees=1)

        page = browser.get(FURTHER)

        assert box_of(page, other).has_attr("disabled")
        assert "至多 1 个，已有 1 个" in page.main
        assert page.soup.find("details", id="exchanges").has_attr("open")

    def test_who_is_45_reads_it_beside_the_youth_council(self, clock):
        youth = InstitutionFactory(youth_council=True)
        page = Browser(member_of(at=clock, born_on=date(1981, 3, 17)).user).get(FURTHER)

        assert box_of(page, youth).has_attr("disabled")
        assert "您 45 周岁，须小于 45 周岁" in page.main

    def test_a_student_whose_card_is_over_reads_it_before_choosing(self, clock, monkeypatch):
        member = member_of(at=clock, member_type=MemberType.STUDENT, student_card_until=date(2026, 7, 1))
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2026, 7, 2)))

        assert "学生证已于 2026-07-01 到期" in Browser(member.user).get(FURTHER).main

    def test_it_is_for_members_alone(self, client, clock):
        assert client.get(FURTHER).url.startswith("/accounts/login/")
        assert "入会以后才能加入更多机构" in Browser(UserFactory()).get(FURTHER).main
        frozen = member_of(at=clock)
        freeze(frozen, at=clock)
        assert "冻结" in Browser(frozen.user).get(FURTHER).main


class TestSubmitting:  # APP-13, A-11
    def test_it_goes_to_the_institutions_and_the_receipt_says_what_is_next(self, browser, member):
        wanted = committee("肝癌专业委员会")

        page = browser.post(FURTHER, sent(wanted))

        assert page.heading == "已提交给各机构"
        assert "肝癌专业委员会" in page.main
        assert "2026-04-08" in page.main
        [application] = furthers(member)
        assert application.rows.get().state == RowState.PENDING

    def test_without_the_tick_it_comes_back_with_the_choice(self, browser, member):
        wanted = committee()

        page = browser.post(FURTHER, sent(wanted, true=False), status=422)

        assert "确认仍然属实后勾选" in page.main
        assert box_of(page, wanted).has_attr("checked")
        assert furthers(member) == []

    def test_without_an_institution_it_says_so_beside_the_picker(self, browser):
        page = browser.post(FURTHER, sent(), status=422)

        assert "请选择要加入的机构" in page.soup.find(id="id_institutions_error").get_text()

    def test_one_changed_for_another_needs_no_tick_in_the_picker(self, browser, member):
        held, wanted = member.affiliations.get(), committee("肝癌专业委员会")
        society_settings(max_committees=1)

        page = browser.post(FURTHER, sent(**{f"replaces_{held.pk}": wanted.pk}))

        assert "通过当天，肺癌专业委员会的会员资格结束" in page.main
        assert furthers(member)[0].rows.get().replaces == held

    def test_two_cannot_be_changed_for_the_same(self, clock):
        member = member_of(committee(), committee(), at=clock)
        wanted, held = committee(), member.affiliations.order_by("pk")

        page = Browser(member.user).post(FURTHER, sent(**{f"replaces_{one.pk}": wanted.pk for one in held}), status=422)

        assert "两个机构不能换成同一个" in page.main
        assert furthers(member) == []


class TestDraft:  # Table B3, UI-3
    def test_it_is_kept_and_resumed_and_stands_among_the_tasks(self, browser, member):
        wanted = committee()

        browser.post(FURTHER, sent(wanted, act="save", true=False))

        assert box_of(browser.get(FURTHER), wanted).has_attr("checked")
        assert browser.get("/member/todo/").link("去提交") == FURTHER
        assert browser.get("/member/").link("去提交") == FURTHER
        assert furthers(member)[0].state == ApplicationState.DRAFT

    def test_an_exchange_is_resumed_too(self, browser, member):
        held, wanted = member.affiliations.get(), committee()
        browser.post(FURTHER, sent(act="save", **{f"replaces_{held.pk}": wanted.pk}))

        page = browser.get(FURTHER)

        select = page.soup.find("select", attrs={"name": f"replaces_{held.pk}"})
        assert select.find("option", selected=True)["value"] == str(wanted.pk)
        assert not box_of(page, wanted).has_attr("checked")

    def test_what_was_to_replace_one_that_lapsed_since_is_simply_chosen(self, clock):
        member = member_of(committee(), committee(), at=clock)
        held, wanted, browser = member.affiliations.first(), committee(), Browser(member.user)
        browser.post(FURTHER, sent(act="save", **{f"replaces_{held.pk}": wanted.pk}))
        member.affiliations.filter(pk=held.pk).update(valid_from=date(2024, 1, 1), valid_to=date(2025, 1, 1))

        assert box_of(browser.get(FURTHER), wanted).has_attr("checked")

    def test_what_closed_since_stays_to_be_taken_out(self, browser, member):
        wanted = committee("胃癌专业委员会")
        browser.post(FURTHER, sent(wanted, act="save"))
        wanted.is_active = False
        wanted.save()

        page = browser.get(FURTHER)
        refusal = browser.post(FURTHER, sent(wanted), status=422)

        assert box_of(page, wanted).has_attr("checked")
        assert "现在不接受申请，请去掉" in page.main
        assert "胃癌专业委员会现在不接受申请，请去掉" in refusal.main

    def test_it_is_discarded_by_a_button(self, browser, member):
        browser.post(FURTHER, sent(committee(), act="save"))

        browser.post(FURTHER, {"act": "discard"})

        assert furthers(member) == []


class TestTwoDevices:  # field case 42
    def test_the_second_that_submits_the_same_reads_the_receipt(self, browser, member):
        wanted = committee()
        browser.post(FURTHER, sent(wanted))

        page = browser.post(FURTHER, sent(wanted))

        assert "已在另一个页面提交" in page.text
        assert page.heading == "已提交给各机构"
        assert len(furthers(member)) == 1

    def test_a_page_of_a_draft_that_was_submitted_leads_to_its_receipt(self, browser, member):
        browser.post(FURTHER, sent(committee(), act="save"))
        [draft] = furthers(member)
        browser.post(FURTHER, sent(committee()))

        page = browser.post(FURTHER, sent(committee(), draft=draft.pk))

        assert page.heading == "已提交给各机构"
        assert [one.pk for one in furthers(member)] == [draft.pk]

    def test_the_receipt_of_what_is_over_leads_home(self, browser, member):
        browser.post(FURTHER, sent(committee()))
        [application] = furthers(member)
        stories.refuse_row(application.rows.get(), at=application.submitted_at)

        response = browser.client.get(reverse("member_further_submitted", args=[application.pk]))

        assert response.url == "/member/"


class TestTampered:
    @pytest.mark.parametrize("key", ["0", "99999999", "abc", "１２", "9" * 30, "-1", "1;drop"])
    def test_an_institution_that_is_not_on_the_list(self, browser, member, key):
        page = browser.post(FURTHER, {"institutions": [key], "act": "submit", "is_still_true": "on"}, status=422)

        assert "不在名单中" in page.main
        assert furthers(member) == []

    def test_the_headquarters_one_that_is_off_and_one_of_ones_own(self, browser, member):
        for institution in (InstitutionFactory(headquarters=True), committee(is_active=False), member.affiliations.get().institution):
            browser.post(FURTHER, sent(institution), status=422)

        assert furthers(member) == []

    def test_another_members_affiliation_is_not_looked_at(self, browser, member, clock):
        other, wanted = member_of(committee(), at=clock).affiliations.get(), committee()

        browser.post(FURTHER, sent(committee(), **{f"replaces_{other.pk}": wanted.pk}))

        [application] = furthers(member)
        assert application.rows.get().replaces is None

    @pytest.mark.parametrize("draft", ["", "0", "x", "９", "9" * 40])
    def test_a_draft_that_is_no_number(self, browser, member, draft):
        browser.post(FURTHER, sent(committee(), draft=draft))

        assert len(furthers(member)) == 1

    def test_another_persons_draft_is_nobodys_receipt(self, browser, member, clock):
        other = member_of(committee(), at=clock)
        theirs = further_enrolment.submit(person=other.user, choice=Choice((committee(),)), is_still_true=True, at=clock)

        browser.post(FURTHER, sent(committee(), draft=theirs.pk))

        assert len(furthers(member)) == 1
        assert browser.client.get(reverse("member_further_submitted", args=[theirs.pk])).status_code == 404

    def test_the_receipt_of_a_first_enrolment_is_none(self, browser, member):
        first = member.applications.get()

        assert browser.client.get(reverse("member_further_submitted", args=[first.pk])).status_code == 404

    @pytest.mark.parametrize("act", ["", "approve"])
    def test_an_act_nobody_knows_submits_nothing_without_the_tick(self, browser, member, act):
        browser.post(FURTHER, sent(committee(), act=act, true=False), status=422)

        assert furthers(member) == []


class TestByAReferralCode:  # E-17
    @pytest.fixture
    def code(self, clock):
        seat = committee_member(committee=committee("胸部肿瘤专业委员会"))
        return referral_codes.issue(seat=seat, person=seat.member.user, at=clock)

    def test_a_member_lands_here_with_the_committee_chosen_and_no_referrer(self, browser, member, code):
        page = browser.post(f"/r/{code.code}/")
        browser.post(FURTHER, sent(code.seat.committee))

        assert page.heading == "加入更多机构"
        assert box_of(page, code.seat.committee).has_attr("checked")
        assert furthers(member)[0].referrer_seat is None

    def test_one_who_belongs_to_it_reads_so(self, clock, code):
        member = member_of(code.seat.committee, at=clock)

        page = Browser(member.user).get(f"{FURTHER}?committee={code.seat.committee_id}")

        assert "您已是会员" in page.main
        assert not box_of(page, code.seat.committee).has_attr("checked")

    def test_without_room_the_way_is_to_exchange_one(self, browser, member, code):
        society_settings(max_committees=1)

        page = browser.get(f"{FURTHER}?committee={code.seat.committee_id}")

        assert "名额已满" in page.main
        assert not box_of(page, code.seat.committee).has_attr("checked")

    @pytest.mark.parametrize("key", ["", "x", "0", "٣", "9" * 50, "1' OR 1=1"])
    def test_whatever_else_the_address_says_is_nothing(self, browser, key):
        assert browser.get(f"{FURTHER}?committee={key}").heading == "加入更多机构"


class TestItsRecord:  # APP-12
    def test_the_application_page_shows_institutions_and_answers(self, browser, member):
        accepted, refusing = committee("肝癌专业委员会"), committee("胃癌专业委员会")
        browser.post(FURTHER, sent(accepted, refusing))
        [application] = furthers(member)
        stories.approve_row(application.rows.get(institution=accepted), at=application.submitted_at)
        stories.refuse_row(application.rows.get(institution=refusing), at=application.submitted_at, reason="专业方向不符")

        page = browser.get(reverse("member_application", args=[application.pk]))

        assert "不需要盖章和推荐" in page.main
        assert "专业方向不符" in page.main
        assert "您的现行资料" in page.main
        assert page.link("打印/下载申请表格") is None

    def test_all_that_waits_is_withdrawn_from_it(self, browser, member):
        browser.post(FURTHER, sent(committee(), committee()))
        [application] = furthers(member)
        page = browser.get(reverse("member_application", args=[application.pk]))

        asked = browser.get(page.link("申请撤销"))
        browser.post(page.link("申请撤销"))

        assert "您现有的会员资格不受影响" in asked.main
        assert furthers(member)[0].state == ApplicationState.WITHDRAWN

    def test_another_person_finds_nothing(self, browser, member):
        browser.post(FURTHER, sent(committee()))

        other = Browser(UserFactory())

        assert other.client.get(reverse("member_application", args=[furthers(member)[0].pk])).status_code == 404


class TestTheWayIn:  # UI-2
    def test_the_member_centre_leads_there_twice(self, browser):
        page = browser.get("/member/")

        assert page.link("加入更多机构") == FURTHER
        assert browser.client.get("/member/actions/apply/").url == FURTHER

    def test_in_grace_it_asks_to_renew_first(self, browser, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2027, 3, 18)))

        assert browser.get("/member/").link("加入更多机构") is None
        assert "续会以后才能加入更多机构" in browser.get("/member/actions/apply/").main
