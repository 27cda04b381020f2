"""申请会员 as a browser without JavaScript does it: the form, its bad input, the check page, the submission."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from membership.domain import claims, enrolment, lookups
from membership.enums import ApplicationState, ConsentKind, DocumentKind, Hold, InstitutionKind, MemberType, ReferralMethod, Sex
from membership.models import Application, Attachment, Consent, Dossier, WorkUnit
from tests.factories import enrolment as stories
from tests.factories.browser import client_of, form_data, papers, photograph, picture_bytes, sent, upload
from tests.factories.people import UserFactory, active_member, committee_member, freeze
from tests.factories.reference import (
    DivisionFactory,
    FieldOfInterestFactory,
    InstitutionFactory,
    QualificationKindFactory,
    ReviewReasonFactory,
    TitleFactory,
    WorkUnitAliasFactory,
    WorkUnitFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

APPLY, CHECK = "/member/apply/", "/member/apply/check/"
TEXT_FIELDS = (
    "name", "specialty", "email", "address", "postcode", "unit_phone", "department", "duty", "social_posts", "other_societies",
    "referring_unit", "qualification_number", "remarks", "work_unit_name",
)  # fmt: skip


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def browser(person):
    return client_of(person)


@pytest.fixture
def started(browser, person):
    """A draft without an answer."""
    browser.post(APPLY, {"act": "start"})
    return Application.objects.get(member__user=person)


def fresh(application: Application) -> Application:
    return Application.objects.select_related("proposed_dossier").get(pk=application.pk)


def dossier_of(application: Application) -> Dossier:
    return fresh(application).proposed_dossier


def text_of(response) -> str:
    return response.content.decode()


def summary(response) -> list[tuple[str, str]]:
    """The summary of errors: where each line leads, and what it says."""
    block = re.search(r'<div class="error-summary".*?</div>', text_of(response), re.S)
    return re.findall(r'<a href="(#[^"]+)">(.*?)</a>', block[0], re.S) if block else []


def errors(response) -> dict[str, list[str]]:
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}


def save(browser, data, act="stay"):
    return browser.post(APPLY, {**data, "act": act})


def consent(browser, **more):
    return browser.post(CHECK, {"identity_documents": "on", **more})


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


class TestBadAnswers:  # APP-2, APP-3, APP-4, M-11
    def check(self, browser, **changes):
        return errors(save(browser, form_data(**changes), act="check"))

    def test_a_wrong_check_character(self, browser, started):
        number = stories.resident_number()
        wrong = number[:17] + ("0" if number[17] != "0" else "1")

        assert "校验码" in self.check(browser, document_number=wrong)["document_number"][0]

    def test_a_birth_date_that_contradicts_the_number(self, browser, started):
        found = self.check(browser, document_number=stories.resident_number(date(1984, 9, 30)), born_on=date(1984, 9, 3))

        assert found["born_on"] == ["证件号码中的出生日期是 1984-09-30，与填写的不同，请核对两处"]

    def test_a_sex_that_contradicts_the_number(self, browser, started):
        found = self.check(browser, document_number=stories.resident_number(), sex=Sex.FEMALE)

        assert "sex" in found

    def test_six_committees(self, browser, started):
        found = self.check(browser, institutions=[InstitutionFactory(committee=True) for _ in range(6)])

        assert found["institutions"] == ["专委会（含海外分会）最多 5 个，现在有 6 个，请去掉 1 个"]
        assert fresh(started).chosen.count() == 6

    def test_the_youth_council_at_forty_five(self, browser, started):
        born_on = date(1981, 3, 17)

        found = self.check(
            browser,
            institutions=[InstitutionFactory(youth_council=True)],
            born_on=born_on,
            document_number=stories.resident_number(born_on),
        )

        assert "青年理事会须小于 45 周岁" in found["institutions"][0]

    def test_the_youth_council_the_day_before(self, browser, started):
        born_on = date(1981, 3, 18)

        found = self.check(
            browser,
            institutions=[InstitutionFactory(youth_council=True)],
            born_on=born_on,
            document_number=stories.resident_number(born_on),
        )

        assert "institutions" not in found

    def test_a_professional_with_a_work_unit_that_is_not_listed_is_offered_the_likely_ones(self, browser, started):
        unit = WorkUnitFactory(name="天津医科大学肿瘤医院")

        answer = save(browser, form_data(work_unit_name="肿瘤医院"), act="check")

        assert "请联系技术支持进行添加" in errors(answer)["work_unit_name"][0]
        assert f'value="{unit.name}"' in text_of(answer)
        assert "022-28219588" in text_of(answer)

    def test_an_ordinary_member_may_name_any_unit(self, browser, started):
        assert "work_unit_name" not in self.check(browser, member_type=MemberType.ORDINARY, work_unit_name="临江路社区卫生服务站")

    def test_a_unit_named_by_its_other_name_is_bound(self, browser, started):
        unit = WorkUnitAliasFactory(name="协和医院", work_unit__name="北京协和医院").work_unit

        save(browser, form_data(work_unit_name="协和医院"))

        dossier = dossier_of(started)
        assert (dossier.work_unit, dossier.work_unit_name) == (unit, "北京协和医院")

    def test_an_email_that_is_none(self, browser, started):
        assert "email" in self.check(browser, email="shen@example")

    def test_more_than_ten_fields_of_interest(self, browser, started):
        found = self.check(browser, fields_of_interest=[FieldOfInterestFactory() for _ in range(11)])

        assert found["fields_of_interest"] == ["关注的领域最多选 10 个"]

    def test_a_student_card_that_has_run_out(self, browser, started):
        found = self.check(browser, member_type=MemberType.STUDENT, student_card_until=date(2026, 3, 16))

        assert "学生证已过有效期" in found["student_card_until"][0]

    def test_a_minor_who_applies_as_a_professional(self, browser, started):
        born_on = date(2010, 1, 1)

        found = self.check(browser, born_on=born_on, document_number=stories.resident_number(born_on))

        assert found["member_type"] == ["未满 18 周岁只能申请学生会员"]

    def test_a_choice_that_is_on_no_list(self, browser, started):
        found = self.check(browser, ethnic_group="999999", member_type="boss", institutions="999999", title="'; DROP TABLE")

        for field in ("ethnic_group", "member_type", "institutions", "title"):
            assert found[field] == ["所选的不在名单中，请重新选择"], field

    def test_an_institution_that_closed_meanwhile_is_named(self, browser, started, at):
        closed = InstitutionFactory(committee=True, name="已停专业委员会")
        save(browser, form_data(institutions=[closed]))
        closed.closed_on = at.date()
        closed.save()

        answer = save(browser, form_data(institutions=[closed]), act="check")

        assert errors(answer)["institutions"] == ["已停专业委员会现在不接受申请，请改选"]
        assert "已停专业委员会" in text_of(answer)

    @pytest.mark.parametrize("field", TEXT_FIELDS)
    def test_markup_is_shown_as_typed_and_never_as_markup(self, browser, started, field):
        answer = save(browser, {**form_data(), field: "<script>alert(1)</script>"})

        page = text_of(answer if answer.status_code == 422 else browser.get(APPLY))
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    @pytest.mark.parametrize("field", TEXT_FIELDS)
    def test_three_hundred_characters_are_kept_or_refused_but_never_cut(self, browser, started, field):
        text = "长" * 300

        answer = save(browser, {**form_data(), field: text}, act="check")

        holder = fresh(started) if field == "referring_unit" else dossier_of(started)
        kept = getattr(holder, field)
        assert text in text_of(answer) or kept in (text, [text])
        assert kept in (text, [text]) or "长" not in str(kept)
        if kept not in (text, [text]):
            assert "300" in errors(answer)[field][0]

    def test_a_nul_and_other_invisible_characters_fall_away(self, browser, started):
        save(browser, {"name": "王\x00明", "remarks": "前\x0b后\u202e", "department": "胸\u200b外科"})

        dossier = dossier_of(started)
        assert (dossier.name, dossier.remarks, dossier.department) == ("王明", "前\n后", "胸外科")


class TestUploads:  # APP-7, field cases 19, 21, 22
    def send(self, browser, field, file):
        return browser.post(APPLY, {field: file, "act": "save"})

    def test_a_fine_picture_is_kept_although_another_answer_is_wrong(self, browser, started):
        answer = browser.post(APPLY, {"portrait": photograph(), "born_on": "昨天", "act": "save"})

        assert set(errors(answer)) == {"born_on"}
        portrait = dossier_of(started).portrait
        assert portrait.original_name == "寸照.jpg"
        assert reverse("private_file", args=[portrait.pk]) in text_of(answer)

    def test_the_portrait_is_cut_to_the_certificates_shape(self, browser, started):
        self.send(browser, "portrait", photograph(size=(1200, 1200)))

        portrait = dossier_of(started).portrait
        assert (portrait.width, portrait.height) == (708, 992)

    def test_another_picture_takes_the_place_of_the_first(self, browser, started):
        self.send(browser, "portrait", photograph("一.jpg"))
        self.send(browser, "portrait", photograph("二.jpg"))

        assert dossier_of(started).portrait.original_name == "二.jpg"

    def test_a_picture_too_small_to_print_is_taken_with_a_word_about_it(self, browser, started):
        browser.post(APPLY, {"portrait": photograph(size=(120, 168)), "act": "stay"})

        page = text_of(browser.get(APPLY))
        assert "个人寸照：图片 120 × 168 像素" in page
        assert dossier_of(started).portrait is not None

    def test_five_megabytes_and_one_tenth(self, browser, started):
        large = upload("IMG_2031.jpg", b"\xff\xd8\xff" + b"0" * int(5.1 * 1024 * 1024))

        answer = self.send(browser, "qualification", large)

        assert errors(answer)["qualification"] == ["文件 5.2 MB，超过 5 MB。请压缩后重新上传"]
        assert dossier_of(started).qualification is None

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (picture_bytes(format="GIF"), "GIF"),
            (b"%PDF-1.7 one page", "PDF"),
            (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            (b"", "文件是空的"),
        ],
        ids=["gif", "pdf", "heic", "svg", "empty"],
    )
    def test_another_format_named_jpg_is_refused_with_the_way_out(self, browser, started, content, word):
        answer = self.send(browser, "portrait", upload("照片.jpg", content))

        assert word in errors(answer)["portrait"][0]
        assert dossier_of(started).portrait is None

    def test_a_truncated_png(self, browser, started):
        content = picture_bytes(format="PNG", size=(400, 560))

        answer = self.send(browser, "portrait", upload("a.png", content[: len(content) // 2]))

        assert errors(answer)["portrait"] == ["图片不完整，请重新上传"]

    def test_a_decompression_bomb_is_refused_by_its_header(self, browser, started):
        bomb = picture_bytes(format="PNG", size=(13_000, 100))

        answer = self.send(browser, "qualification", upload("a.png", bomb))

        assert "13000 × 100 像素" in errors(answer)["qualification"][0]

    def test_a_photograph_turned_by_its_camera_is_stored_upright(self, browser, started):
        image = Image.new("RGB", (1300, 1800), "white")
        exif = image.getexif()
        exif[0x0112] = 6
        content = BytesIO()
        image.save(content, "JPEG", exif=exif)
        self.send(browser, "qualification", upload("横.jpg", content.getvalue()))

        stored = dossier_of(started).qualification
        assert (stored.width, stored.height) == (1800, 1300)
        with stored.file.open("rb") as file:
            assert not Image.open(file).getexif()

    def test_a_name_of_three_hundred_characters_is_no_hindrance(self, browser, started):
        self.send(browser, "portrait", photograph("照" * 300 + ".jpg"))

        assert dossier_of(started).portrait is not None

    def test_an_upload_is_refused_once_the_form_is_submitted(self, at):
        application = stories.submitted(at=at)
        files = Attachment.objects.count()

        self.send(client_of(application.member.user), "portrait", photograph())

        assert Attachment.objects.count() == files


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
        assert f"{APPLY}#id_name_field" in page

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

        assert first.url == reverse("member_submitted", args=[application.pk])
        assert second.url == reverse("member_home")
        assert application.dossiers.count() == 1
        assert application.rows.count() == 1

    @pytest.mark.parametrize("build", [stories.submitted, stories.checking, stories.deciding])
    def test_the_form_opened_again_afterwards_leads_to_the_member_centre(self, at, build):
        application = build(at=at)
        browser = client_of(application.member.user)
        edits = dossier_of(application).edits

        for answer in (browser.get(APPLY), browser.get(CHECK), save(browser, {"name": "别人"}), consent(browser)):
            assert answer.url == reverse("member_home")
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
        data = sent({name: getattr(before, name) for name in ("member_type", "name", "sex", "document_kind", "document_number", "born_on")})
        form = browser.get(APPLY).context["form"]
        data = {name: _as_sent(form, name) for name in form.fields if _as_sent(form, name) not in ("", None, [])} | data
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


def _as_sent(form, name):
    value = form[name].value()
    return value.text if isinstance(value, tuple) else value


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


class TestPage:  # Speed
    def test_the_page_asks_the_database_a_bounded_number_of_times(self, browser, started, django_assert_max_num_queries):
        WorkUnit.objects.bulk_create(WorkUnit(name=f"第{number}人民医院", kind="general_hospital") for number in range(300))
        save(browser, form_data())
        browser.get(APPLY)

        with django_assert_max_num_queries(45):
            page = browser.get(APPLY)

        assert "第7人民医院" not in text_of(page)

    def test_the_picker_offers_no_headquarters(self, browser, started):
        InstitutionFactory(headquarters=True)
        InstitutionFactory(committee=True)

        kinds = {one.kind for one in browser.get(APPLY).context["form"].fields["institutions"].objects.values()}

        assert InstitutionKind.HEADQUARTERS not in kinds
