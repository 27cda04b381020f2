"""Bad input into the application form: each with a clear word, and nothing lost."""

from datetime import date

import pytest

from membership.enums import MemberType, Sex
from tests.factories import enrolment as stories
from tests.factories.browser import form_data
from tests.factories.reference import (
    FieldOfInterestFactory,
    InstitutionFactory,
    WorkUnitAliasFactory,
    WorkUnitFactory,
)
from tests.membership.views.apply_pages import APPLY, dossier_of, errors, fresh, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TEXT_FIELDS = (
    "name", "specialty", "email", "address", "postcode", "unit_phone", "department", "duty", "social_posts", "other_societies",
    "referring_unit", "qualification_number", "remarks", "work_unit_name",
)  # fmt: skip


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
