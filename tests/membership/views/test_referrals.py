"""推荐会员: a committee member's applicants, what may be seen of them, and the answer; the own code and poster."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image

from membership.domain import endorsements, enrolment, referral_codes
from membership.enums import ApplicationState, EndorsementState
from membership.models import Application, AuditEntry, Endorsement, Member, ReferralCode, Seat
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import SeatFactory, UserFactory, committee_member, freeze
from tests.factories.reference import FieldOfInterestFactory
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db
LIST = "/member/referrals/"


@pytest.fixture
def seat() -> Seat:
    return committee_member()


@pytest.fixture
def browser(seat) -> Browser:
    return Browser(seat.member.user)


@pytest.fixture
def asked(clock, seat) -> Endorsement:
    application = stories.submitted(
        at=clock,
        name="陆闻溪",
        referral=stories.referred_by(seat),
        other_societies=["中国临床肿瘤学会会员"],
        address="天津市河西区宾水道 9 号",
    )
    application.proposed_dossier.fields_of_interest.set([FieldOfInterestFactory(name="放射治疗")])
    return application.endorsements.get()


def url(endorsement: Endorsement) -> str:
    return f"{LIST}{endorsement.pk}/"


def fresh(endorsement: Endorsement) -> Endorsement:
    return Endorsement.objects.select_related("application").get(pk=endorsement.pk)


class TestList:  # REF-1
    def test_who_waits_stands_first_with_the_day(self, browser, asked):
        page = browser.get(LIST)

        assert "等您答复" in page.main
        assert page.link("陆闻溪") == url(asked)
        assert "请在 2026-03-31 前答复" in page.main

    def test_the_answered_show_how_the_application_stands_now(self, browser, asked, seat, clock):
        endorsements.agree(endorsement=asked, person=seat.member.user, at=clock)

        before = browser.get(LIST)
        application = asked.application
        Application.objects.filter(pk=application.pk).update(state=ApplicationState.RETURNED)
        after = browser.get(LIST)

        assert "您的答复：同意推荐" in before.main
        assert ("申请中" in before.main, "审批不通过" in after.main) == (True, True)

    def test_an_applicant_who_comes_again_stands_there_once(self, browser, seat, clock):
        application = stories.returned(at=clock, name="陆闻溪", referral=stories.referred_by(seat))
        again = application.endorsements.get()
        Endorsement.objects.create(
            application=application, seat=seat, state=EndorsementState.TIMED_OUT, state_since=clock, asked_at=clock, due_on=again.due_on
        )

        assert browser.get(LIST).main.count("陆闻溪") == 1

    def test_without_applicants_it_says_what_will_stand_here(self, browser):
        assert "还没有申请人选择您推荐" in browser.get(LIST).main

    def test_nobody_sees_anothers_applicants(self, asked):
        assert "陆闻溪" not in Browser(committee_member().member.user).get(LIST).main


class TestMaterials:  # S-1, S-2, S-8
    def test_the_professional_side_of_a_person_is_there(self, browser, asked):
        page = browser.get(url(asked))

        for text in ("姓名 陆闻溪", "性别 男", "年龄 41 岁", "会员类型 专业会员", "专业 肿瘤学", "职称 副高级,副主任医师", "学历 大学本科",
                     "科室 胸部肿瘤科", "职务 科副主任", "资质证书类型 其他资质证书", "中国临床肿瘤学会会员", "放射治疗"):  # fmt: skip
            assert text in page.main
        assert page.soup.main.find("img")["src"] == f"/files/{asked.application.proposed_dossier.portrait_id}/"

    def test_nothing_that_identifies_or_reaches_them(self, browser, asked):
        dossier = asked.application.proposed_dossier

        page = browser.get(url(asked))

        hidden = (
            dossier.document_number,
            dossier.document_number[-4:],
            dossier.phone[-4:],
            "shen@example.org",
            "宾水道",
            "1984",
            "汉族",
            "群众",
        )
        assert not [text for text in hidden if text in page.main]

    def test_looking_is_written_down(self, browser, asked, seat):
        browser.get(url(asked))

        entry = AuditEntry.objects.get(action="endorsement.view")
        assert (entry.actor, entry.about) == (seat.member.user, asked.application.member)

    def test_to_a_stranger_it_does_not_exist(self, asked):
        for stranger in (UserFactory(), committee_member().member.user, asked.application.member.user):
            Browser(stranger).get(url(asked), status=404)
            Browser(stranger).post(url(asked), {"act": "agree"}, status=404)
        assert fresh(asked).state == EndorsementState.ASKED


class TestAnswer:  # E-9, E-10, E-11, E-12
    def test_同意推荐_is_recorded_with_who_said_it(self, browser, asked, seat):
        page = browser.post(url(asked), {"act": "agree"})

        answered = fresh(asked)
        assert (answered.state, answered.name, answered.committee_name) == (EndorsementState.AGREED, "顾明修", seat.committee.full_name)
        assert "已同意推荐陆闻溪" in page.text

    def test_不同意_needs_a_reason_that_the_applicant_reads(self, browser, asked):
        page = browser.post(url(asked), {"act": "decline", "reason_public": " "}, status=422)

        assert "请填写不同意的原因，申请人会看到" in page.main
        assert page.soup.find("a", href="#id_reason_public")
        assert fresh(asked).state == EndorsementState.ASKED

    def test_不同意_keeps_what_is_for_the_association_apart(self, browser, asked):
        browser.post(url(asked), {"act": "decline", "reason_public": "不了解申请人的工作", "reason_internal": "曾有举报"})

        answered = fresh(asked)
        assert (answered.state, answered.reason_public, answered.reason_internal) == (
            EndorsementState.DECLINED,
            "不了解申请人的工作",
            "曾有举报",
        )
        applicant = Browser(answered.application.member.user)
        for page in (applicant.get("/member/"), applicant.get(f"/member/applications/{answered.application_id}/")):
            assert "曾有举报" not in page.text
        assert "不了解申请人的工作" in applicant.get("/member/").main

    def test_a_second_answer_shows_the_first_and_changes_nothing(self, browser, asked):
        browser.post(url(asked), {"act": "agree"})

        page = browser.post(url(asked), {"act": "decline", "reason_public": "改主意了"})

        assert "您已答复过：同意推荐" in page.text
        assert fresh(asked).state == EndorsementState.AGREED

    def test_agreement_may_be_taken_back_while_the_form_is_awaited(self, browser, asked):
        browser.post(url(asked), {"act": "agree"})
        assert browser.get(url(asked)).has_button("撤回同意")

        browser.post(url(asked), {"act": "retract", "reason_public": "发现材料不实"})

        assert (fresh(asked).state, fresh(asked).reason_public) == (EndorsementState.DECLINED, "发现材料不实")

    def test_taking_back_needs_a_reason_too(self, browser, asked):
        browser.post(url(asked), {"act": "agree"})

        page = browser.post(url(asked), {"act": "retract", "reason_public": ""}, status=422)

        assert page.soup.find(id="retract_reason_public_error")
        assert fresh(asked).state == EndorsementState.AGREED

    def test_with_the_association_an_answer_is_final(self, seat, clock):
        application = stories.checking(at=clock, referral=stories.referred_by(seat))
        browser = Browser(seat.member.user)
        endorsement = application.endorsements.get()

        assert not browser.get(url(endorsement)).has_button("撤回同意")
        page = browser.post(url(endorsement), {"act": "retract", "reason_public": "晚了"})

        assert "推荐意见不能再改" in page.text
        assert fresh(endorsement).state == EndorsementState.AGREED

    def test_when_the_term_is_over_it_says_why_no_answer_is_possible(self, browser, asked, seat, clock):
        Seat.objects.filter(pk=seat.pk).update(ends_on=(clock - timedelta(days=1)).date())

        page = browser.get(url(asked))
        refused = browser.post(url(asked), {"act": "agree"})

        assert not page.has_button("同意推荐")
        assert "任期已于 2026-03-16 结束" in page.main
        assert "您现在不能推荐：任期已于 2026-03-16 结束" in refused.text
        assert fresh(asked).state == EndorsementState.ASKED

    def test_after_the_deadline_neither_button_is_there_nor_is_an_answer_taken(self, browser, asked, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: moment(date(2026, 4, 1), 0))

        page = browser.get(url(asked))
        refused = browser.post(url(asked), {"act": "agree"})
        declined = browser.post(url(asked), {"act": "decline", "reason_public": "不熟悉"}, status=422)

        assert not page.has_button("同意推荐") and not page.has_button("不同意")
        assert "答复期限已过" in page.main and "答复期限已过" in refused.text and "答复期限已过" in declined.main
        assert fresh(asked).state == EndorsementState.ASKED

    def test_after_a_withdrawal_it_says_that_nothing_is_left_and_shows_no_materials(self, browser, asked):
        application = asked.application
        enrolment.withdraw(application=application, person=application.member.user, at=timezone.now())

        for page in (browser.post(url(asked), {"act": "agree"}), browser.client.get(url(asked), follow=True)):
            text = page.text if hasattr(page, "text") else page.content.decode()
            assert "这份推荐请求已取消，不用再答复" in text
            assert "胸部肿瘤科" not in text
        assert fresh(asked).state == EndorsementState.DROPPED

    def test_a_request_that_became_void_says_so(self, browser, asked, clock):
        endorsements.void(endorsement=asked, at=clock)

        assert "已失效" in browser.post(url(asked), {"act": "agree"}).text

    @pytest.mark.parametrize("sent", [{}, {"act": ""}, {"act": "approve"}, {"act": "agree\x00"}, {"state": "agreed"}])
    def test_what_was_tampered_with_answers_nothing(self, browser, asked, sent):
        assert "请重新选择" in browser.post(url(asked), sent).text
        assert fresh(asked).state == EndorsementState.ASKED


class TestLiveList:  # REF-1
    LISTS = "/member/referrals/list/"

    def mark(self, browser) -> str:
        return browser.get(LIST).soup.select_one("[data-live-lists]")["hx-get"].partition("seen=")[2]

    def test_it_asks_for_news_and_gets_none_while_nothing_happened(self, browser, asked):
        answer = browser.client.get(self.LISTS, {"seen": self.mark(browser)})

        assert (answer.status_code, answer.content) == (204, b"")

    def test_an_event_brings_the_lists_anew_with_their_mark(self, browser, asked, seat, clock):
        seen = self.mark(browser)
        endorsements.agree(endorsement=asked, person=seat.member.user, at=clock)

        answer = browser.client.get(self.LISTS, {"seen": seen})

        assert answer.status_code == 200
        assert "已答复" in answer.content.decode() and seen not in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_logged_out_meanwhile_the_whole_page_is_loaded_anew(self):
        answer = Browser().client.get(self.LISTS)

        assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")

    def test_every_group_has_its_head_and_its_number(self, browser, asked, seat, clock):
        held = stories.submitted(at=clock, name="韩知白", referral=stories.referred_by(seat))
        Application.objects.filter(pk=held.pk).update(hold="frozen")

        page = browser.get(LIST)

        assert [head.get_text(" ", strip=True) for head in page.soup.select("#referral-lists h2")] == ["等您答复 1", "暂时不能答复 1"]
        assert "申请已暂停审核" in page.main

    def test_it_costs_no_more_the_more_applicants_there_are(self, browser, seat, clock, django_assert_max_num_queries):
        for _ in range(6):
            stories.submitted(at=clock, referral=stories.referred_by(seat))
        browser.get(LIST)

        with django_assert_max_num_queries(20):
            browser.get(LIST)


class TestWhoCannotRefer:  # E-9
    def test_a_seat_that_ended_says_so_and_offers_no_code(self, browser, seat):
        Seat.objects.filter(pk=seat.pk).update(ends_on=date(2026, 3, 16))

        page = browser.get(LIST)

        assert "您现在不能推荐会员" in page.main and "任期已于 2026-03-16 结束" in page.main
        assert page.link("我的专属推荐码") is None

    def test_the_frozen_read_why(self, browser, seat, clock):
        freeze(seat.member, at=clock)

        assert "会员资格已冻结，冻结期间不能推荐" in browser.get(LIST).main

    def test_in_grace_likewise(self, browser, seat):
        seat.member.affiliations.update(valid_to=date(2026, 3, 16))

        assert "续会以后才能推荐" in browser.get(LIST).main

    def test_whoever_holds_no_seat_reads_for_whom_the_page_is(self):
        assert "这里供专委会委员使用" in Browser(UserFactory()).get(LIST).main


class TestMyCode:  # REF-2, E-17
    CODES = "/member/referrals/code/"

    @pytest.fixture
    def code(self, seat, clock) -> ReferralCode:
        return referral_codes.issue(seat=seat, person=seat.member.user, at=clock)

    def address(self, seat, page="") -> str:
        return f"{self.CODES}{seat.pk}/{page}"

    def test_it_is_made_by_a_button_and_then_shown_as_a_picture(self, browser, seat, clock):
        assert browser.get(self.CODES).has_button("生成推荐码")

        page = browser.post(self.CODES, {"seat": seat.pk})

        code = ReferralCode.objects.get()
        assert code.code in page.main
        assert page.soup.main.find("img")["src"] == self.address(seat, "code.png")

    @pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "0"])
    def test_a_seat_that_is_none_is_not_found(self, browser, clock, sent):
        browser.post(self.CODES, {"seat": sent}, status=404)

    def test_the_picture_reads_as_the_address_and_brings_its_white(self, browser, seat, code, settings):
        settings.SITE_URL = "https://members.example.org"
        answer = browser.client.get(self.address(seat, "code.png"))

        picture = Image.open(BytesIO(answer.content)).convert("L")
        [read] = zxingcpp.read_barcodes(picture)
        assert (answer["Content-Type"], read.text) == ("image/png", f"HTTPS://MEMBERS.EXAMPLE.ORG/R/{code.code}/")
        assert picture.getpixel((0, 0)) == 255
        assert picture.point(lambda value: 255 - value).getbbox()[0] >= 4 * 20

    def test_the_picture_and_the_poster_download_under_a_name(self, browser, seat, code):
        for page, kind in (("code.png", "image/png"), ("poster.png", "image/png"), ("poster.pdf", "application/pdf")):
            answer = browser.client.get(self.address(seat, page), {"download": ""})
            assert (answer.status_code, answer["Content-Type"]) == (200, kind)
            assert answer["Content-Disposition"].startswith("attachment")

    def test_the_poster_is_a_picture_on_its_page(self, browser, seat, code):
        page = browser.get(self.address(seat, "poster/"))

        assert page.soup.main.find("img")["src"] == self.address(seat, "poster.png")
        assert page.link("PDF") == self.address(seat, "poster.pdf")

    def test_a_name_that_cannot_be_printed_is_said_and_the_code_still_works(self, browser, seat, code):
        Member.objects.filter(pk=seat.member_id).update(name="\U00030000")

        assert "海报暂时印不出来" in browser.get(self.address(seat, "poster/"), status=409).main
        assert browser.client.get(self.address(seat, "poster.pdf")).url == self.address(seat, "poster/")
        assert browser.client.get(self.address(seat, "poster.png")).status_code == 404
        assert browser.client.get(self.address(seat, "code.png")).status_code == 200

    def test_revoking_is_asked_first_and_says_what_follows(self, browser, seat, code):
        page = browser.get(self.address(seat, "renew/"))

        assert "扫印有它的海报和二维码，会看到「这个推荐码已停用」" in page.main
        assert ReferralCode.objects.get().revoked_at is None

    def test_it_is_replaced_or_only_revoked(self, browser, seat, code):
        browser.post(self.address(seat, "renew/"), {"code": code.code, "act": "renew"})
        new = referral_codes.live_code(seat)
        page = browser.post(self.address(seat, "renew/"), {"code": new.code, "act": "revoke"})

        assert new.code != code.code
        assert referral_codes.live_code(seat) is None
        assert page.has_button("生成推荐码")

    def test_pressing_twice_does_not_revoke_the_new_one(self, browser, seat, code):
        for _ in range(2):
            page = browser.post(self.address(seat, "renew/"), {"code": code.code, "act": "renew"})

        assert ReferralCode.objects.count() == 2
        assert referral_codes.live_code(seat).code in page.main

    @pytest.mark.parametrize("page", ["renew/", "code.png", "poster/", "poster.png", "poster.pdf"])
    def test_anothers_seat_has_no_pages(self, seat, code, page):
        for stranger in (committee_member().member.user, UserFactory()):
            client = Browser(stranger).client
            assert client.get(self.address(seat, page)).status_code == 404
            assert client.post(self.address(seat, "renew/"), {"code": code.code, "act": "revoke"}).status_code == 404
        assert Browser().client.get(self.address(seat, page)).url.startswith("/accounts/login/")
        assert Browser(committee_member().member.user).client.post(self.CODES, {"seat": seat.pk}).status_code == 404
        assert referral_codes.live_code(seat) == code

    @pytest.mark.parametrize("page", ["renew/", "code.png", "poster/", "poster.png", "poster.pdf"])
    def test_without_a_code_or_the_right_there_is_nothing_to_show(self, browser, seat, clock, page):
        assert browser.client.get(self.address(seat, page)).status_code == 404
        referral_codes.issue(seat=seat, person=seat.member.user, at=clock)
        freeze(seat.member, at=clock)

        assert browser.client.get(self.address(seat, page)).status_code == 404
        assert "会员资格已冻结" in browser.get(self.CODES).main

    def test_two_seats_have_a_code_each_and_one_that_is_over_is_left_out(self, browser, seat, clock):
        second = SeatFactory(member=seat.member)
        SeatFactory(member=seat.member, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))

        page = browser.get(self.CODES)

        assert [button["value"] for button in page.soup.select("button[name=seat]")] == [str(seat.pk), str(second.pk)]

    def test_how_often_it_was_scanned_and_how_many_came_is_told(self, browser, seat, code, clock):
        referral_codes.count_scan(code)
        application = stories.draft(at=clock)
        referral_codes.follow(code=code.code, person=application.member.user, at=clock)
        enrolment.submit(
            application=Application.objects.get(pk=application.pk),
            person=application.member.user,
            consents_given=stories.CONSENTS,
            at=clock,
        )

        page = browser.get(self.CODES)

        assert "扫码次数 1 次" in page.main and "已提交申请 1 人" in page.main
        assert "不记录是谁扫的" in page.main
