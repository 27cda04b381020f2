"""The check page: consents, submission, once and for all; and a file that came back (APP-9, P-1, P-2)."""

from datetime import date

import pytest
from django.urls import reverse

from membership.domain import claims, enrolment
from membership.enums import ApplicationState, ConsentKind, DocumentKind, Hold, MemberType, ReferralMethod
from membership.models import Application, Consent
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, form_data, papers, photograph, sent
from tests.factories.people import committee_member, freeze
from tests.factories.reference import (
    InstitutionFactory,
    QualificationKindFactory,
    ReviewReasonFactory,
    TitleFactory,
)
from tests.membership.views.apply_pages import APPLY, CHECK, consent, dossier_of, errors, fresh, save, stored_as_sent, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestCheck:  # APP-9, P-1, P-2
    @pytest.fixture
    def complete(self, browser, started):
        browser.post(APPLY, {**form_data(), **papers(), "act": "stay"})
        return started

    def test_a_complete_form_leads_to_all_its_answers(self, browser, started):
        data = form_data()

        answer = browser.post(APPLY, {**data, **papers(), "act": "check"})
        page = text_of(browser.get(answer.url))

        assert answer.url == CHECK
        number = data["document_number"]
        for words in ("沈砚秋", "专业会员", "副高级,副主任医师", "天津市 和平区", f"{number[:6]} {number[6:14]} {number[14:]}"):
            assert words in page, words
        portrait = dossier_of(started).portrait
        assert reverse("private_file", args=[portrait.pk]) in page
        assert f"{APPLY}?change=part-person#id_name_field" in page

    def test_with_gaps_the_check_page_leads_back_to_them(self, browser, started):
        answer = browser.get(CHECK)

        assert answer.url == f"{APPLY}?gaps=1"

    def test_nothing_is_submitted_without_the_separate_consent(self, browser, complete):
        answer = browser.post(CHECK, {})

        assert answer.status_code == 422
        assert "请勾选同意处理证件信息" in text_of(answer)
        assert fresh(complete).state == ApplicationState.DRAFT

    def test_submitting_records_the_consent_and_shows_what_comes_next(self, browser, person, complete, settings):
        answer = consent(browser)
        page = browser.get(answer.url)

        assert answer.url == reverse("member_submitted", args=[complete.pk])
        assert "会员申请提交成功，请返回并提交盖章文件" in text_of(page)
        assert fresh(complete).state == ApplicationState.AWAITING_FORM
        given = Consent.objects.get(user=person, kind=ConsentKind.IDENTITY_DOCUMENTS)
        assert given.version == settings.PRIVACY_NOTICE_VERSION

    def test_a_minor_needs_a_guardian_with_a_name(self, browser, started):
        born_on = date(2010, 1, 1)
        data = form_data(
            member_type=MemberType.STUDENT,
            born_on=born_on,
            document_number=stories.resident_number(born_on),
            student_card_until=date(2027, 7, 1),
        )
        browser.post(APPLY, {**data, "portrait": photograph(), "student_card": photograph(size=(1800, 1300)), "act": "stay"})

        nothing = consent(browser)
        nameless = consent(browser, guardian="on")
        answer = consent(browser, guardian="on", guardian_name="沈母")

        assert "须由监护人同意" in text_of(nothing)
        assert "请填写监护人姓名" in text_of(nameless)
        assert answer.status_code == 302
        assert dossier_of(started).guardian_name == "沈母"

    def test_a_document_of_another_account_is_answered_without_saying_whose_it_is(self, browser, complete, at):
        number = dossier_of(complete).document_number
        stories.submitted(at=at, document_number=number)

        answer = consent(browser)

        assert answer.status_code == 422
        assert claims.DocumentTaken.message in text_of(answer)
        assert "022-28219588" in text_of(answer)
        assert fresh(complete).state == ApplicationState.DRAFT

    def test_after_too_many_tries_with_a_taken_number_the_day_is_over(self, browser, complete, at):
        number = dossier_of(complete).document_number
        stories.submitted(at=at, document_number=number)
        for _ in range(5):
            consent(browser)

        assert claims.TooManyTries.message in text_of(consent(browser))

    def test_what_does_not_fit_on_the_printed_form_is_said_before_it_is_too_late(self, browser, complete):
        long = {
            "department": "科" * 200,
            "duty": "职" * 200,
            "address": "址" * 300,
            "specialty": "专" * 200,
            "qualification_number": "9" * 64,
        }
        browser.post(APPLY, {**form_data(), **long, "act": "stay"})

        page = browser.get(CHECK)
        answer = consent(browser)

        assert "印不下" in text_of(page)
        assert answer.status_code == 422
        assert fresh(complete).state == ApplicationState.DRAFT

    def test_an_odd_qualification_number_is_a_word_and_no_hindrance(self, browser, started):
        data = form_data(qualification_kind=QualificationKindFactory(), qualification_number="12345")
        browser.post(APPLY, {**data, **papers(), "act": "stay"})

        assert "请再看一眼资质证书编码" in text_of(browser.get(CHECK))
        assert consent(browser).status_code == 302


class TestHiddenAnswers:  # P-6
    def test_answers_to_what_is_not_asked_never_block_and_are_left_behind(self, browser, started):
        professional = form_data(born_on=date(2000, 1, 1), document_number=stories.resident_number(date(2000, 1, 1)))
        browser.post(APPLY, {**professional, **papers(), "act": "stay"})
        TitleFactory._meta.model.objects.update(is_active=False)
        student = {
            **professional,
            "member_type": "student",
            "student_card_until": "2027-07-01",
            "student_card": photograph(size=(1800, 1300)),
        }

        answer = browser.post(APPLY, {**student, "act": "check"})
        consent(browser)

        assert answer.url == CHECK
        dossier = dossier_of(started)
        assert (dossier.title, dossier.title_name, dossier.department, dossier.qualification) == (None, "", "", None)
        assert dossier.submitted_at

    def test_a_passports_country_left_under_an_identity_card_makes_no_second_document(self, browser, started, at):
        other = stories.submitted(at=at)
        number = other.proposed_dossier.document_number
        data = form_data(document_number=number, document_kind=DocumentKind.RESIDENT_ID)
        browser.post(APPLY, {**data, **papers(), "issuing_country": "US", "nationality": "US", "act": "stay"})

        answer = consent(browser)

        assert claims.DocumentTaken.message in text_of(answer)

    def test_a_referrer_of_a_method_given_up_is_left_behind(self, browser, started):
        committee_member()
        browser.post(APPLY, {**form_data(), **papers(), "referral_method": "committee_member", "seat": "顾明修", "act": "stay"})
        browser.post(APPLY, {**form_data(), "referral_method": "association", "seat": "顾明修", "act": "stay"})

        consent(browser)

        application = fresh(started)
        assert (application.referral_method, application.referrer_seat, application.referrer) == (ReferralMethod.ASSOCIATION, None, None)
        assert not application.endorsements.exists()


class TestOnce:  # field cases 41, 42
    def test_a_second_submission_by_double_click_or_another_tab_changes_nothing(self, at):
        application = stories.draft(at=at)
        one, other = client_of(application.member.user), client_of(application.member.user)
        other.get(CHECK)

        first, second = consent(one), consent(other)

        # Both land on the page that says what is next: a browser follows the answer to the second tap.
        assert first.url == second.url == reverse("member_submitted", args=[application.pk])
        assert application.dossiers.count() == 1
        assert application.rows.count() == 1

    @pytest.mark.parametrize("build", [stories.submitted, stories.checking, stories.deciding])
    def test_the_form_opened_again_afterwards_leads_to_the_member_centre(self, at, build):
        application = build(at=at)
        browser = client_of(application.member.user)
        edits = dossier_of(application).edits

        for answer in (browser.get(APPLY), browser.get(CHECK), save(browser, {"name": "别人"})):
            assert answer.url == reverse("member_home")
        assert consent(browser).status_code == 302
        assert dossier_of(application).edits == edits
        assert dossier_of(application).name == "沈砚秋"

    def test_the_member_centre_says_that_it_was_submitted(self, at):
        application = stories.submitted(at=at)

        page = client_of(application.member.user).get(APPLY, follow=True)

        assert "申请已提交" in text_of(page)

    def test_a_frozen_person_keeps_the_draft_and_reads_whom_to_call(self, at, browser, started):
        freeze(started.member, at=at)
        Application.objects.filter(pk=started.pk).update(hold=Hold.FROZEN)

        answer = save(browser, {"name": "沈砚秋"})

        assert answer.url == reverse("member_home")
        assert dossier_of(started).name == ""


class TestReturned:  # A-3, B1, D-2, E-4
    @pytest.fixture
    def returned(self, at):
        application = stories.checking(at=at)
        stories.refuse_file(application, at=at, reason="照片不清晰", fields=["portrait"])
        return fresh(application)

    def test_the_reason_stands_on_top_and_beside_its_field(self, returned):
        page = client_of(returned.member.user).get(APPLY)

        assert "审批不通过（协会会员部，2026-03-17）" in text_of(page)
        assert errors(page) == {"portrait": ["协会会员部：照片不清晰"]}

    def test_the_institutions_are_shown_and_not_asked(self, returned):
        other = InstitutionFactory(committee=True)

        browser = client_of(returned.member.user)
        save(browser, {**sent({"department": "新科"}), "institutions": [str(other.pk)]})
        page = browser.get(APPLY)

        assert "institutions" not in page.context["form"].fields
        assert page.context["page"].chosen == (returned.rows.get().institution.name,)

    def test_corrected_and_submitted_again_with_a_new_photograph_asks_a_new_form(self, returned):
        browser = client_of(returned.member.user)
        before = returned.proposed_dossier
        data = stored_as_sent(browser.get(APPLY).context["form"])
        data |= sent({"origin": before.origin, "work_region": before.work_region})

        answer = browser.post(APPLY, {**data, "portrait": photograph(), "act": "check"})
        submitted = consent(browser)

        assert answer.url == CHECK
        assert submitted.url == reverse("member_submitted", args=[returned.pk])
        application = fresh(returned)
        assert (application.state, application.round) == (ApplicationState.AWAITING_FORM, 2)
        assert application.proposed_dossier.version == 2

    def test_only_a_remark_changed_goes_to_the_association_without_a_new_form(self, at):
        reason = ReviewReasonFactory()
        application = stories.checking(at=at)
        stories.refuse_file(application, at=at, reason="请补充说明", reasons=[reason])
        browser = client_of(application.member.user)
        enrolment.save_draft(application=fresh(application), person=application.member.user, answers={"remarks": "已补充"}, at=at)

        answer = consent(browser)
        page = browser.get(answer.url)

        assert fresh(application).state == ApplicationState.CHECKING
        assert "已重新提交" in text_of(page)


class TestSubmittedPage:
    def test_anothers_number_in_the_address_is_not_there(self, browser, at):
        application = stories.submitted(at=at)

        assert browser.get(reverse("member_submitted", args=[application.pk])).status_code == 404

    def test_before_the_submission_it_leads_to_the_form(self, browser, started):
        assert browser.get(reverse("member_submitted", args=[started.pk])).url == APPLY

    def test_inside_wechat_it_says_to_open_a_browser(self, at):
        application = stories.submitted(at=at)

        page = client_of(application.member.user).get(
            reverse("member_submitted", args=[application.pk]), headers={"user-agent": "Mozilla/5.0 (Linux) MicroMessenger/8.0"}
        )

        assert "请点右上角 … 用浏览器打开" in text_of(page)
