"""``/r/<code>/``: what a scanned code shows to whom, what counts as a scan, and the line on the form (APP-6, REF-2, E-17)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from membership.accounts import carried_code
from membership.domain import enrolment, referral_codes
from membership.enums import ApplicationState
from membership.models import Application, Member, ReadOnlyMode, ReferralBinding, ReferralCode, Seat, User
from membership.views.referral_codes import LOOKED
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, active_member, committee_member, freeze
from tests.factories.reference import InstitutionFactory
from tests.membership.views.pages import Browser, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TELEPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50"
FORM = "/member/apply/"
LINE = "由 顾明修（肺癌专业委员会）推荐"


@pytest.fixture
def seat() -> Seat:
    return committee_member(committee=InstitutionFactory(committee=True, name="肺癌专业委员会"))


@pytest.fixture
def code(seat, clock) -> ReferralCode:
    return referral_codes.issue(seat=seat, person=seat.member.user, at=clock)


def link(code: ReferralCode) -> str:
    return f"/r/{code.code}/"


def scan(client: Client, url: str, **headers):
    return client.get(url, headers={"user-agent": TELEPHONE, **headers})


def shown(client: Client, url: str) -> Page:
    response = scan(client, url)
    assert response.status_code == 200
    return Page(response)


def scans(code: ReferralCode) -> int:
    return ReferralCode.objects.get(pk=code.pk).scans


def draft_of(user: User) -> Application:
    return Application.objects.get(member__user=user)


class TestAStranger:  # APP-6
    def test_reads_who_refers_and_registers_or_logs_in_on_the_way_to_the_form(self, code):
        page = shown(Client(), link(code))

        assert LINE in page.heading
        assert "中国抗癌协会肺癌专业委员会 委员" in page.main
        assert page.link("注册账号，开始申请") == "/accounts/signup/?next=%2Fmember%2Fapply%2Freferred%2F"
        assert page.link("已有账号，登录") == "/accounts/login/?next=%2Fmember%2Fapply%2Freferred%2F"

    def test_never_the_phone_nor_the_number_of_the_referrer(self, code, seat):
        text = scan(Client(), link(code)).content.decode()

        assert seat.member.user.get_username()[3:] not in text
        assert seat.member.number not in text

    def test_in_small_letters_and_below_a_capital_r_it_is_the_same_code(self, code):
        for url in (f"/R/{code.code}/", f"/r/{code.code.lower()}/"):
            assert LINE in shown(Client(), url).heading

    def test_without_the_last_stroke_one_is_led_there(self, code):
        assert scan(Client(), f"/R/{code.code}").url == f"/R/{code.code}/"

    def test_the_device_carries_the_code_signed_and_closed_to_scripts(self, code):
        client = Client()
        scan(client, link(code))

        cookie = client.cookies[carried_code.NAME]
        assert cookie.value.startswith(f"{code.code}:")
        assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 7 * 24 * 3600)

    def test_no_search_engine_keeps_the_page_and_no_cache(self, code):
        response = scan(Client(), link(code))

        assert (response["X-Robots-Tag"], response["Cache-Control"]) == ("noindex", "no-store")

    def test_a_posted_form_leads_to_the_login(self, code):
        response = Client().post(link(code), {"act": "start"})

        assert response.url == f"/accounts/login/?next=%2Fr%2F{code.code}%2F"


class TestComingBack:  # the number's proof, another tab, the next day
    def carrying(self, code, user) -> Client:
        client = Client()
        scan(client, link(code))
        client.force_login(user)
        return client

    def test_the_device_leads_into_the_form_with_the_referrer_bound(self, code, seat):
        user = UserFactory()

        response = self.carrying(code, user).get(reverse("member_referred"))

        assert response.url == FORM
        assert draft_of(user).referrer_seat == seat
        assert response.cookies[carried_code.NAME].value == ""

    def test_the_start_page_reminds_of_a_code_that_was_not_used_yet(self, code):
        page = Page(self.carrying(code, UserFactory()).get(FORM))

        assert page.link("由这位委员推荐，开始申请") == "/member/apply/referred/"

    def test_so_does_the_form_of_a_draft_begun_without_it(self, code, seat, clock):
        application = stories.draft(at=clock)
        client = self.carrying(code, application.member.user)

        assert Page(client.get(FORM)).link("由这位委员推荐") == "/member/apply/referred/"
        client.get("/member/apply/referred/")

        assert draft_of(application.member.user).referrer_seat == seat

    def test_a_code_that_died_meanwhile_opens_the_form_without_referrer_and_says_so(self, code, seat, clock):  # E-17
        user = UserFactory()
        client = self.carrying(code, user)
        referral_codes.revoke(code=code, person=seat.member.user, at=clock)

        page = Page(client.get(reverse("member_referred"), follow=True))

        assert "这个推荐码已停用，仍可以申请，只是没有推荐人" in page.text
        assert page.has_button("开始申请")
        assert carried_code.NAME not in client.cookies or not client.cookies[carried_code.NAME].value

    def test_a_draft_that_names_another_is_asked_there_too(self, code, clock):
        application = stories.draft(at=clock, referral=stories.referred_by(committee_member()))
        before = application.referrer_seat

        response = self.carrying(code, application.member.user).get(reverse("member_referred"))

        assert response.url == link(code)
        assert draft_of(application.member.user).referrer_seat == before

    @pytest.mark.parametrize("value", ["", "AAAA:x:y", "nonsense", "{code}", "{code}:1abcde:forged"])
    def test_a_cookie_that_was_tampered_with_carries_nothing(self, code, value):
        user = UserFactory()
        client = client_of(user)
        client.cookies[carried_code.NAME] = value.format(code=code.code)

        assert client.get(reverse("member_referred")).url == FORM
        assert not Application.objects.exists()

    def test_without_a_login_it_leads_to_one(self):
        assert Client().get(reverse("member_referred")).url.startswith("/accounts/login/")


class TestSomebodyLoggedIn:
    def test_a_draft_that_names_nobody_has_the_referrer_at_once_with_a_line_on_the_form(self, code, seat, clock):
        application = stories.draft(at=clock)
        client = client_of(application.member.user)

        response = scan(client, link(code))
        page = Page(client.get(response.url))

        assert response.url == FORM
        assert page.soup.select_one(".referral-line").get_text(" ", strip=True).startswith(LINE)
        assert page.soup.select_one("select[name=referral_method] option[selected]")["value"] == "committee_member"
        assert page.soup.select_one("input[name=seat]")["value"] == "顾明修（肺癌专业委员会 委员）"

    def test_without_an_application_one_begins_by_a_button(self, code, seat):
        user = UserFactory()
        client = client_of(user)

        assert shown(client, link(code)).has_button("开始申请")
        assert not Application.objects.exists()
        response = client.post(link(code), {"act": "start"})

        assert response.url == FORM
        assert draft_of(user).referrer_seat == seat

    def test_another_referrer_is_named_and_replaced_only_when_told(self, code, seat, clock):
        other = committee_member(committee=InstitutionFactory(committee=True, name="肝癌专业委员会"))
        application = stories.draft(at=clock, referral=stories.referred_by(other))
        client = client_of(application.member.user)

        page = shown(client, link(code))
        client.post(link(code), {"act": "start"})
        kept = draft_of(application.member.user).referrer_seat
        client.post(link(code), {"act": "replace"})

        assert "顾明修（肝癌专业委员会）" in page.main and page.has_button("更换为顾明修") and page.link("保留原来的") == FORM
        assert (kept, draft_of(application.member.user).referrer_seat) == (other, seat)

    def test_a_returned_file_is_told_that_it_needs_a_new_form(self, code, clock):
        page = shown(client_of(stories.returned(at=clock).member.user), link(code))

        assert "申请表须重新打印、签字盖章" in page.main
        assert page.has_button("更换为顾明修")

    def test_a_submitted_one_is_told_what_the_code_cannot_do_and_the_way_there_is(self, code, clock):
        awaiting, checking = stories.submitted(at=clock), stories.checking(at=clock)

        page = shown(client_of(awaiting.member.user), link(code))
        later = shown(client_of(checking.member.user), link(code))

        assert "推荐码只在提交之前有用" in page.main
        assert page.link("更换推荐人") == f"/member/applications/{awaiting.pk}/referrer/"
        assert later.link("更换推荐人") is None

    def test_a_member_lands_where_they_apply_to_the_committee(self, code, seat):
        response = client_of(active_member().user).get(link(code))

        assert response.url == f"/member/further/?committee={seat.committee_id}"

    def test_the_frozen_and_the_lapsed_read_why_nothing_begins(self, code, clock):
        frozen = active_member()
        freeze(frozen, at=clock)

        assert "会员资格已冻结" in shown(client_of(frozen.user), link(code)).main
        assert "请先续会" in shown(client_of(active_member(until=date(2026, 1, 1)).user), link(code)).main

    def test_the_holder_reads_that_it_is_their_own(self, code, seat):
        page = shown(client_of(seat.member.user), link(code))

        assert "这是您自己的推荐码" in page.main
        assert page.link("我的专属推荐码") == "/member/referrals/code/"

    def test_posting_ones_own_code_binds_nobody(self, code, seat):
        response = client_of(seat.member.user).post(link(code), {"act": "replace"})

        assert response.url == link(code)
        assert not Application.objects.exists()

    def test_a_browser_that_looks_ahead_binds_nothing(self, code, clock):
        application = stories.draft(at=clock)
        client = client_of(application.member.user)

        for headers in ({"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}):
            assert scan(client, link(code), **headers).status_code == 200
        client.head(link(code))

        assert not ReferralBinding.objects.exists()
        assert scans(code) == 0

    def test_during_a_maintenance_a_look_leaves_nothing_behind(self, code, clock):
        application = stories.draft(at=clock)
        client = client_of(application.member.user)
        mode = ReadOnlyMode.objects.get(pk=1)
        mode.is_on = True
        mode.save()

        assert scan(client, link(code)).status_code == 200
        assert client.post(link(code), {"act": "start"}).status_code == 503
        assert (ReferralBinding.objects.exists(), scans(code)) == (False, 0)


class TestADeadCode:  # E-17: a clear page, never an error
    def dead(self, code, seat, how, clock) -> str:
        if how == "revoked":
            referral_codes.revoke(code=code, person=seat.member.user, at=clock)
        elif how == "frozen":
            freeze(seat.member, at=clock)
        elif how == "seat over":
            Seat.objects.filter(pk=seat.pk).update(ends_on=date(2026, 3, 16))
        elif how == "in grace":
            seat.member.affiliations.update(valid_to=date(2026, 3, 16))
        return "/r/ZZZZ9999/" if how == "unknown" else link(code)

    @pytest.mark.parametrize(
        ("how", "says"),
        [
            ("revoked", "这个推荐码已停用"),
            ("frozen", "这个推荐码现在不能使用"),
            ("seat over", "这个推荐码现在不能使用"),
            ("in grace", "这个推荐码现在不能使用"),
            ("unknown", "没有这个推荐码"),
        ],
    )
    def test_it_says_what_it_is_names_nobody_and_leads_on(self, code, seat, how, says, clock):
        url = self.dead(code, seat, how, clock)

        for client in (Client(), client_of(UserFactory())):
            page = shown(client, url)
            assert page.heading == says
            assert "顾明修" not in page.text and "冻结" not in page.main
            assert page.link("申请会员") == FORM
        assert not Application.objects.exists()

    @pytest.mark.parametrize("text", ["x", "%00", "%20", "' OR 1=1 --", "顾明修", "A" * 400, "..", "<script>", "ZZZZ%0d%0aSet-Cookie:a=b"])
    def test_no_text_is_an_error(self, code, text):
        assert scan(Client(), f"/r/{text}/").status_code == 200
        assert Client().post(f"/r/{text}/").status_code == 302

    def test_a_carried_code_that_turns_out_dead_is_forgotten(self, code, seat, clock):
        client = Client()
        scan(client, link(code))
        referral_codes.revoke(code=code, person=seat.member.user, at=clock)

        assert scan(client, link(code)).cookies[carried_code.NAME].value == ""


class TestGuessing:  # rate limit as the verification has
    def test_so_many_guesses_a_minute_then_one_waits_whatever_the_code(self, code, settings):
        settings.VERIFY_RATE = 3
        client = Client()

        answers = [scan(client, f"/r/ZZZZ999{number}/").status_code for number in range(2, 6)]

        assert answers == [200, 200, 200, 429]
        refused = scan(client, link(code))
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        assert client.post(link(code), {"act": "start"}).status_code == 429

    def test_a_revoked_code_counts_as_a_guess_too(self, code, seat, clock, settings):
        settings.VERIFY_RATE = 1
        referral_codes.revoke(code=code, person=seat.member.user, at=clock)
        client = Client()

        assert [scan(client, link(code)).status_code for _ in "ab"] == [200, 429]

    def test_a_whole_audience_scans_a_code_in_use(self, code, settings):
        settings.VERIFY_RATE = 2

        assert {scan(Client(), link(code)).status_code for _ in range(9)} == {200}


class TestCounting:  # REF-2
    def test_each_telephone_counts_once_a_day(self, code):
        first, second = Client(), Client()

        for client in (first, first, second, first):
            scan(client, link(code))

        assert scans(code) == 2
        assert first.cookies[LOOKED]["max-age"] == 24 * 3600

    def test_an_applicant_who_is_led_to_the_form_counts(self, code, clock):
        scan(client_of(stories.draft(at=clock).member.user), link(code))

        assert scans(code) == 1

    def test_the_holders_own_look_does_not(self, code, seat):
        scan(client_of(seat.member.user), link(code))

        assert scans(code) == 0

    @pytest.mark.parametrize(
        "agent",
        [
            "",
            "   ",
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            "Mozilla/5.0 (compatible; Googlebot/2.1)",
            "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider)",
            "Sogou web spider/4.0",
            "facebookexternalhit/1.1",
            "curl/8.5.0",
            "python-requests/2.32",
            "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/128.0.0.0",
        ],
    )
    def test_robots_previews_and_scripts_do_not(self, code, agent):
        Client().get(link(code), headers={"user-agent": agent})

        assert scans(code) == 0

    @pytest.mark.parametrize(
        "agent",
        [
            TELEPHONE,
            "Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537.36 Chrome/114.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0 Safari/537.36",
        ],
    )
    def test_people_do(self, code, agent):
        Client().get(link(code), headers={"user-agent": agent})

        assert scans(code) == 1

    def test_a_dead_code_counts_nothing(self, code, seat, clock):
        referral_codes.revoke(code=code, person=seat.member.user, at=clock)
        scan(Client(), link(code))

        assert scans(code) == 0

    def test_nothing_of_the_person_is_kept(self, code):
        columns = {field.name for field in ReferralCode._meta.concrete_fields}

        assert columns == {"id", "seat", "code", "scans", "created_at", "revoked_at"}


class TestTheLineOnTheForm:
    @pytest.fixture
    def bound(self, code, clock) -> Application:
        application = stories.draft(at=clock)
        return referral_codes.follow(code=code.code, person=application.member.user, at=clock)

    def post(self, application: Application, **changes):
        client = client_of(application.member.user)
        page = Page(client.get(FORM))
        fields = {
            field["name"]: field.get("value", "")
            for field in page.soup.select("main form input[name]")
            if field.get("type") in (None, "text", "hidden", "email", "tel")
        }
        button = page.soup.select_one(".referral-line button")
        return Page(client.post(button["formaction"], {**fields, **changes}, follow=True))

    def test_its_button_takes_the_referrer_out_and_loses_nothing_that_was_typed(self, bound):
        page = self.post(bound, department="刚刚输入的科室")

        application = draft_of(bound.member.user)
        assert "已去掉推荐人，其余内容已保存" in page.text
        assert page.soup.select_one(".referral-line") is None
        assert (application.referrer_seat, application.referral_method) == (None, "")
        assert application.proposed_dossier.department == "刚刚输入的科室"

    def test_another_device_that_saved_since_is_told_first_as_always(self, bound):
        client = client_of(bound.member.user)

        response = client.post("/member/apply/referred/let-go/", {"seen": "1-0", "department": "旧页面"})

        assert response.status_code == 409
        assert draft_of(bound.member.user).referrer_seat is not None

    def test_it_is_not_there_for_a_referrer_who_was_looked_up(self, seat, clock):
        application = stories.draft(at=clock, referral=stories.referred_by(seat))

        assert Page(client_of(application.member.user).get(FORM)).soup.select_one(".referral-line") is None

    def test_nor_when_another_was_chosen_since(self, bound, clock):
        enrolment.save_draft(
            application=bound, person=bound.member.user, answers=stories.referred_by(committee_member()), at=clock + timedelta(minutes=1)
        )

        assert Page(client_of(bound.member.user).get(FORM)).soup.select_one(".referral-line") is None

    def test_opening_its_address_leads_to_the_form(self, bound):
        assert client_of(bound.member.user).get("/member/apply/referred/let-go/").url == FORM

    def test_a_stranger_without_a_draft_changes_nothing(self, bound):
        response = client_of(UserFactory()).post("/member/apply/referred/let-go/")

        assert response.status_code == 302
        assert ReferralBinding.objects.exists()

    def test_after_submission_it_changes_nothing(self, bound, clock):
        enrolment.submit(application=bound, person=bound.member.user, consents_given=stories.CONSENTS, at=clock)

        client_of(bound.member.user).post("/member/apply/referred/let-go/")

        application = draft_of(bound.member.user)
        assert (application.state, application.referrer_seat is not None) == (ApplicationState.AWAITING_FORM, True)


class TestTheWholePath:
    def test_a_scan_leads_to_a_request_that_the_committee_member_agrees_to(self, code, seat, clock):
        application = stories.draft(at=clock)
        client = client_of(application.member.user)
        scan(client, link(code))
        enrolment.submit(
            application=draft_of(application.member.user), person=application.member.user, consents_given=stories.CONSENTS, at=clock
        )

        referrer = Browser(seat.member.user)
        page = referrer.get("/member/referrals/")
        referrer.post(page.link("沈砚秋"), {"act": "agree"})

        assert draft_of(application.member.user).endorsements.get().state == "agreed"
        assert Member.objects.filter(user=application.member.user).exists()
