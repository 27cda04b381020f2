"""The form over a draft: its labels and lists, and how far its words follow the society's tables."""

import pytest

from membership.domain import gaps, requirements
from membership.domain.gaps import Gap
from membership.enums import AttachmentKind, DocumentKind, MemberType, ReferralMethod
from membership.forms.enrolment import UPLOADS, EnrolmentForm
from membership.models import Title
from membership.views.apply_layout import BY_REFERRAL, PARTS
from membership.views.apply_page import conditions_of, page_of
from tests.factories import enrolment as stories
from tests.factories.browser import sent
from tests.factories.reference import InstitutionFactory, TitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(at):
    return stories.draft(at=at)


@pytest.fixture
def form_of(draft, at):
    """Makes the form, empty of posted data or with some."""
    return lambda data=None: EnrolmentForm(data, application=draft, person=draft.member.user, at=at)


class TestFields:  # APP-1
    def test_every_question_of_the_society_stands_on_the_page_once(self, form_of):
        names = [name for part in PARTS for name in part.fields]

        asked = set(requirements.ALWAYS) - {"referrer"} | {"seat", "member", "phone"}
        assert set(names) == asked
        assert len(names) == len(set(names))
        assert set(form_of().fields) == asked
        assert tuple(names) == tuple(name for name in EnrolmentForm.field_order if name in names)

    def test_labels_are_the_guides_and_students_read_school(self, form_of):
        assert form_of()["work_unit_name"].label == "工作单位"
        assert form_of({"member_type": "student"})["work_unit_name"].label == "就读学校"
        assert form_of()["qualification"].label == AttachmentKind.QUALIFICATION.label

    def test_nothing_is_demanded_by_the_form_itself(self, form_of):
        assert form_of({}).is_valid()
        assert not any(field.required for field in form_of().fields.values())

    def test_what_is_stored_comes_back_the_same_when_it_is_sent_again(self, form_of, draft):
        form = form_of()
        typed = {name: form[name].value() for name in form.fields if name not in UPLOADS}
        data = sent({name: value.text if isinstance(value, tuple) else value for name, value in typed.items() if value not in (None, "")})
        data |= sent({name: getattr(draft.proposed_dossier, name) for name in ("origin", "work_region")})

        again = form_of(data)

        assert again.is_valid(), again.errors
        answers = again.answers()
        for name in ("name", "born_on", "origin", "title", "work_unit", "education_level", "other_societies", "qualification_number"):
            assert answers[name] == getattr(draft.proposed_dossier, name), name
        assert answers["institutions"] == list(draft.chosen.all())

    def test_a_title_switched_off_is_still_offered_to_who_chose_it(self, form_of, draft):
        Title.objects.filter(pk=draft.proposed_dossier.title_id).update(is_active=False)
        other = TitleFactory(code="999", name="别的职称", is_active=False)

        offered = [offer.value for offer in form_of().fields["title"].offers]

        assert str(draft.proposed_dossier.title_id) in offered
        assert str(other.pk) not in offered

    def test_closed_institutions_are_not_offered(self, form_of, at):
        closed = InstitutionFactory(committee=True, closed_on=at.date())

        assert str(closed.pk) not in [offer.value for offer in form_of().fields["institutions"].offers]


class TestConditions:  # P-3, P-5, P-6
    """The words by which the page shows, hides and stars a field, against the table of the society."""

    @pytest.mark.parametrize("member_type", ["", *MemberType.values])
    @pytest.mark.parametrize("document_kind", ["", *DocumentKind.values])
    def test_a_field_is_shown_and_starred_as_the_table_says(self, member_type, document_kind):
        for name in requirements.ALWAYS:
            if name in BY_REFERRAL or name == "referrer":
                continue
            need = requirements.need_of(name, member_type=member_type, document_kind=document_kind)
            words = conditions_of(name)

            shown = _fits(words.get("show_for"), member_type) and _fits(words.get("show_for_document"), document_kind)
            assert shown == (need is not requirements.Need.ABSENT), name
            if shown and (words.get("require_for") or words.get("require_for_document")):
                starred = _fits(words.get("require_for"), member_type) and _fits(words.get("require_for_document"), document_kind)
                assert starred == (need is requirements.Need.REQUIRED), name

    @pytest.mark.parametrize("method", ["", *ReferralMethod.values])
    def test_of_the_three_ways_to_name_a_referrer_one_is_shown(self, form_of, method):
        page = page_of(form_of({"referral_method": method}), ())
        shown = {item.field.name for part in page.parts for item in part.items if not item.hidden} & set(BY_REFERRAL)

        assert shown == {{"member": "member", "committee_member": "seat"}.get(method, "referring_unit")}


def _fits(words, value):
    return not words or (value or "-") in words.split(" ")


class TestGaps:
    def test_a_gap_stands_beside_its_field(self, form_of):
        form = form_of({})
        form.is_valid()

        form.add_gaps([Gap("name", "请填写姓名"), Gap("portrait", "请上传个人寸照")])

        assert form.errors == {"name": ["请填写姓名"], "portrait": ["请上传个人寸照"]}

    def test_what_the_form_refused_keeps_its_own_sentence(self, form_of):
        form = form_of({"born_on": "昨天"})
        form.is_valid()

        form.add_gaps([Gap("born_on", "请填写出生日期")])

        assert form.errors["born_on"] == ["请按 1988-05-06 的样子填写真实的日期"]

    @pytest.mark.parametrize(("method", "field"), [("member", "member"), ("committee_member", "seat")])
    def test_a_missing_referrer_stands_beside_the_control_in_use(self, form_of, method, field):
        form = form_of({"referral_method": method})
        form.is_valid()

        form.add_gaps([Gap("referrer", "请选择推荐人")])

        assert form.errors[field] == ["请选择推荐人"]

    def test_a_form_that_was_not_sent_can_show_gaps_too(self, form_of):
        form = form_of()

        form.add_gaps([Gap("name", "请填写姓名")])

        assert form["name"].errors == ["请填写姓名"]


class TestProgress:
    def test_parts_count_their_required_fields(self, form_of, draft, at):
        page = page_of(form_of(), gaps.gaps_in(draft, today=at.date()))

        assert [part.note for part in page.parts] == ["2/2", "10/10", "2/2", "5/5", "选填", "3/3", "选填"]
        assert [part.done for part in page.parts] == [part.note != "选填" for part in page.parts]
        assert page.count == "22 / 22 必填项"

    def test_errors_are_counted_in_their_part(self, form_of):
        form = form_of({"born_on": "昨天", "student_card_until": "明天"})
        form.is_valid()

        page = page_of(form, ())

        assert [part.note for part in page.parts if part.wrong] == ["1 处有误", "1 处有误"]
