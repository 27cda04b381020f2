"""推荐会员: a committee member's applicants, what may be seen of them, and the answer."""

from datetime import timedelta

import pytest

from membership.domain import endorsements
from membership.enums import ApplicationState, EndorsementState
from membership.models import Application, AuditEntry, Endorsement, Seat
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, committee_member
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
        assert "您现在不能推荐" in page.main
        assert "须在委员任期内" in refused.text
        assert fresh(asked).state == EndorsementState.ASKED
