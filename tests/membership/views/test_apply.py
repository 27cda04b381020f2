"""申请会员 as a browser without JavaScript does it: started, filled in by and by, looked things up, come back after a refusal."""

import re
from datetime import date

import pytest
from django.urls import reverse

from membership.domain import lookups
from membership.enums import ApplicationState, InstitutionKind
from membership.models import Application, WorkUnit
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, form_data, papers, sent
from tests.factories.people import UserFactory, active_member, committee_member
from tests.factories.reference import (
    DivisionFactory,
    InstitutionFactory,
)
from tests.membership.views.apply_pages import APPLY, CHECK, dossier_of, errors, fresh, save, summary, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class TestStart:
    def test_who_has_no_application_reads_what_is_needed_and_starts_by_a_button(self, browser, person):
        page = browser.get(APPLY)

        assert page.status_code == 200
        assert "先备好这些" in text_of(page)
        assert not Application.objects.exists()

        browser.post(APPLY, {"act": "start"})

        assert Application.objects.get(member__user=person).state == ApplicationState.DRAFT

    def test_starting_twice_makes_one_draft(self, browser, started):
        answer = browser.post(APPLY, {"act": "start"})

        assert answer.url == APPLY
        assert Application.objects.count() == 1

    def test_a_member_reads_why_not(self, at):
        member = active_member()

        page = client_of(member.user).get(APPLY)

        assert "您已是会员" in text_of(page)
        assert "开始申请" not in text_of(page)

    def test_a_visitor_is_led_to_the_login(self, client):
        for address in (APPLY, CHECK):
            assert client.get(address).url.startswith(reverse("account_login"))


class TestDraft:  # APP-1, APP-8
    def test_everything_typed_is_there_again_on_another_device(self, browser, person, started):
        data = form_data(
            social_posts="某某学会理事", other_societies="甲学会 委员\n乙学会 委员", postcode="300060", remarks="第一行\n第二行"
        )

        answer = browser.post(APPLY, {**data, **papers(), "act": "save"})
        page = client_of(person).get(APPLY)

        assert answer.url == reverse("member_home")
        for name, value in data.items():
            shown = page.context["form"][name].value() if name in page.context["form"].fields else None
            if isinstance(shown, tuple):
                shown = shown.text
            if shown is not None:
                assert [str(one) for one in shown] == list(value) if isinstance(shown, list) else str(shown) == value, name
        dossier = dossier_of(started)
        assert (dossier.origin.code, dossier.work_unit.name) == ("120101", dossier.work_unit_name)
        assert dossier.other_societies == ["甲学会 委员", "乙学会 委员"]
        assert dossier.portrait and dossier.qualification

    def test_an_empty_form_is_saved_without_a_word(self, browser, started):
        answer = save(browser, {}, act="save")

        assert answer.status_code == 302

    def test_what_is_wrong_but_can_be_kept_is_kept(self, browser, started):
        save(browser, {"document_kind": "resident_id", "document_number": "110101 19350101 003x", "email": "nobody", "name": "王<小>明"})

        dossier = dossier_of(started)
        assert (dossier.document_number, dossier.email, dossier.name) == ("11010119350101003X", "nobody", "王<小>明")

    def test_an_impossible_date_stays_on_the_page_and_the_rest_is_saved(self, browser, started):
        answer = save(browser, {"name": "沈砚秋", "born_on": "1988-13-45"}, act="save")

        assert answer.status_code == 422
        assert errors(answer) == {"born_on": ["请按 1988-05-06 的样子填写真实的日期"]}
        assert 'value="1988-13-45"' in text_of(answer)
        assert dossier_of(started).name == "沈砚秋"

    def test_a_date_is_understood_in_the_ways_people_write_it(self, browser, started):
        for text in ("19880506", "1988/5/6", "1988.05.06", "1988年5月6日", "1988-05-06"):
            save(browser, {"born_on": text})

            assert dossier_of(started).born_on == date(1988, 5, 6), text

    def test_the_phone_is_the_accounts_whatever_is_sent(self, browser, person, started):
        save(browser, {"phone": "+8613900000000"})

        assert dossier_of(started).phone == person.get_username()

    def test_answers_of_another_member_type_wait_in_the_draft(self, browser, started):
        data = form_data()
        save(browser, data)
        save(browser, {**data, "member_type": "student"})

        assert dossier_of(started).department == "胸部肿瘤科"

    def test_leaving_an_answer_empty_takes_it_out(self, browser, started):
        save(browser, {"department": "胸外科", "born_on": "1988-05-06"})
        save(browser, {"department": "", "born_on": ""})

        dossier = dossier_of(started)
        assert (dossier.department, dossier.born_on) == ("", None)


class TestTwoDevices:  # D-4, field case 42
    def test_the_second_device_is_told_and_loses_nothing(self, person, browser, started):
        first, second = client_of(person), client_of(person)
        seen = first.get(APPLY).context["seen"]
        second.post(APPLY, {"name": "甲", "seen": seen, "act": "stay"})

        answer = first.post(APPLY, {"name": "乙", "seen": seen, "act": "stay"})

        assert answer.status_code == 409
        assert 'value="乙"' in text_of(answer)
        assert dossier_of(started).name == "甲"

    def test_saving_once_more_makes_this_page_count(self, person, browser, started):
        seen = browser.get(APPLY).context["seen"]
        client_of(person).post(APPLY, {"name": "甲", "seen": seen, "act": "stay"})
        answer = browser.post(APPLY, {"name": "乙", "seen": seen, "act": "stay"})

        browser.post(APPLY, {"name": "乙", "seen": answer.context["seen"], "act": "stay"})

        assert dossier_of(started).name == "乙"

    def test_a_returned_file_opened_in_two_tabs_notices_too(self, at):
        application = stories.returned(at=at)
        first, second = client_of(application.member.user), client_of(application.member.user)
        seen = first.get(APPLY).context["seen"]
        second.post(APPLY, {**sent({"department": "甲科"}), "seen": seen, "act": "stay"})

        answer = first.post(APPLY, {"department": "乙科", "seen": seen, "act": "stay"})

        assert answer.status_code == 409

    def test_an_odd_count_of_edits_is_not_an_error(self, browser, started):
        for seen in ("x", "1-", "-1", "1-99999999999999999999", "²-³"):
            assert browser.post(APPLY, {"seen": seen, "act": "stay"}).status_code in (302, 409)


class TestMissing:  # APP-1, P-6
    def test_empty_required_fields_are_summarised_each_with_a_link(self, browser, started):
        answer = save(browser, {}, act="check")

        assert answer.status_code == 422
        links = dict(summary(answer))
        assert links["#id_name"] == "姓名：请填写姓名"
        assert links["#id_member_type_0"] == "会员类型：请选择会员类型"
        assert links["#id_origin_0"] == "籍贯：请选择籍贯"
        assert links["#id_portrait"] == "个人寸照：请上传个人寸照"

    def test_every_link_of_the_summary_leads_to_something_on_the_page(self, browser, started):
        InstitutionFactory(committee=True)

        answer = save(browser, {}, act="check")

        ids = set(re.findall(r'\bid="([^"]+)"', text_of(answer)))
        assert {link[1:] for link, _ in summary(answer)} <= ids

    def test_no_id_stands_twice_on_the_page(self, browser, started):
        save(browser, form_data())

        ids = re.findall(r'\bid="([^"]+)"', text_of(browser.get(APPLY)))

        assert len(ids) == len(set(ids))

    def test_students_are_asked_for_school_and_card_and_not_for_a_title(self, browser, started):
        answer = save(browser, {"member_type": "student", "document_kind": "resident_id"}, act="check")

        missing = errors(answer)
        assert missing["work_unit_name"] == ["请填写就读学校"]
        assert {"student_card", "student_card_until"} <= set(missing)
        assert not {"title", "department", "duty", "qualification"} & set(missing)

    def test_a_passport_asks_for_nationality_and_not_for_the_origin(self, browser, started):
        answer = save(browser, {"member_type": "ordinary", "document_kind": "passport"}, act="check")

        missing = errors(answer)
        assert {"nationality", "issuing_country"} <= set(missing)
        assert not {"origin", "ethnic_group", "political_affiliation"} & set(missing)

    def test_a_province_alone_is_no_origin_and_no_region(self, browser, started):
        city = DivisionFactory(city=True)
        DivisionFactory(code="130102", name="长安区", level=3, kind="市辖区", parent=city)
        province = city.parent

        answer = save(browser, {**form_data(), **sent({"origin": city, "work_region": province})}, act="check")

        assert errors(answer)["origin"] == ["请选择到区县"]
        assert errors(answer)["work_region"] == ["请选择城市"]

    def test_a_summary_asked_for_by_address_is_shown_on_opening_the_form(self, browser, started):
        page = browser.get(APPLY, {"gaps": "1"})

        assert ("#id_name", "姓名：请填写姓名") in summary(page)


class TestWithoutJavaScript:  # UI-7
    def test_what_is_not_asked_is_hidden_by_the_server(self, browser, started):
        save(browser, {"member_type": "student", "document_kind": "passport"})

        page = text_of(browser.get(APPLY))

        for field in ("title", "origin", "qualification"):
            assert re.search(rf'id="id_{field}_field"[^>]*\bhidden', page), field
        for field in ("student_card", "nationality"):
            assert not re.search(rf'id="id_{field}_field"[^>]*\bhidden', page), field

    def test_the_cities_of_a_province_are_listed_after_a_button(self, browser, started):
        city = DivisionFactory(city=True)
        save(browser, {"origin_0": city.parent.code})

        page = text_of(browser.get(APPLY))

        assert f'<option value="{city.code}">{city.name}</option>' in page
        assert dossier_of(started).origin == city.parent

    def test_a_city_of_another_province_counts_as_not_chosen(self, browser, started):
        county, city = DivisionFactory(county=True), DivisionFactory(city=True)

        save(browser, {"origin_0": city.parent.code, "origin_1": county.code})

        assert dossier_of(started).origin == city.parent

    def test_a_committee_member_is_found_by_a_button_and_taken_by_a_radio(self, browser, started):
        seat = committee_member()
        data = {"referral_method": "committee_member", "seat": "顾"}

        found = save(browser, data, act="find_seat")
        save(browser, {**data, "seat_pick": str(seat.pk)})

        assert found.status_code == 200
        assert f'name="seat_pick" value="{seat.pk}"' in text_of(found)
        application = fresh(started)
        assert (application.referrer_seat, application.referrer) == (seat, seat.member)
        assert application.referring_unit == seat.committee.full_name

    def test_the_only_committee_member_of_that_name_needs_no_second_step(self, browser, started):
        seat = committee_member()

        save(browser, {"referral_method": "committee_member", "seat": "顾明修"})

        assert fresh(started).referrer_seat == seat

    def test_a_committee_member_nobody_knows_is_said_and_the_rest_is_saved(self, browser, started):
        answer = save(browser, {"referral_method": "committee_member", "seat": "查无此人", "name": "沈砚秋"}, act="save")

        assert errors(answer) == {"seat": ["委员名录中没有找到，请核对姓名"]}
        assert dossier_of(started).name == "沈砚秋"

    def test_the_seat_chosen_stays_when_the_form_is_saved_again(self, browser, started):
        seat = committee_member()
        save(browser, {"referral_method": "committee_member", "seat": "顾明修"})
        shown = browser.get(APPLY).context["form"]["seat"].value()

        save(browser, {"referral_method": "committee_member", "seat": shown.text, "seat_chosen": shown.chosen})

        assert fresh(started).referrer_seat == seat

    def test_a_member_is_found_by_the_full_name_and_taken_by_a_radio(self, browser, started):
        member = active_member(name="周砚秋")
        data = {"referral_method": "member", "member": "周砚秋"}

        found = save(browser, data, act="find_member")
        value = re.search(r'name="member_pick" value="([^"]+)"', text_of(found))[1]
        save(browser, {**data, "member_pick": value})

        application = fresh(started)
        assert (application.referrer, application.referrer_seat) == (member, None)

    def test_a_member_never_looked_for_cannot_be_named_by_an_id(self, browser, started):
        member = active_member(name="周砚秋")

        answer = save(browser, {"referral_method": "member", "member": "周砚秋", "member_pick": str(member.pk)})

        assert "member" in errors(answer)
        assert fresh(started).referrer is None

    def test_a_candidate_shown_to_another_account_counts_for_nothing(self, browser, started, at):
        member = active_member(name="周砚秋")
        theirs = lookups.chosen_member(member, asked_by=UserFactory()).value

        save(browser, {"referral_method": "member", "member": "周砚秋", "member_pick": theirs})

        assert fresh(started).referrer is None


class TestPage:  # Speed
    def test_the_page_asks_the_database_a_bounded_number_of_times(self, browser, started, django_assert_max_num_queries):
        WorkUnit.objects.bulk_create(WorkUnit(name=f"第{number}人民医院", kind="general_hospital") for number in range(300))
        save(browser, form_data())
        browser.get(APPLY)

        with django_assert_max_num_queries(45):
            page = browser.get(APPLY)

        assert "第7人民医院" not in text_of(page)

    def test_what_a_returned_file_cannot_change_is_not_counted_among_what_is_asked(self, at):
        application = stories.returned(at=at)

        page = client_of(application.member.user).get(APPLY).context["page"]

        asked = sum(item.required and not item.hidden and item.field.name != "phone" for part in page.parts for item in part.items)
        assert page.count == f"{asked} / {asked} 必填项"

    def test_the_picker_offers_no_headquarters(self, browser, started):
        InstitutionFactory(headquarters=True)
        InstitutionFactory(committee=True)

        kinds = {offer.kind for offer in browser.get(APPLY).context["form"].fields["institutions"].offers}

        assert InstitutionKind.HEADQUARTERS not in kinds
