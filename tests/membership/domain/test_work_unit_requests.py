"""申请添加单位: who may ask and answer, what an answer changes, who is told (APP-5, L-9)."""

import pytest

from membership import rules
from membership.domain import enrolment, gaps, lookups, work_unit_requests
from membership.domain.errors import NotAllowed
from membership.enums import RequestState, WorkUnitKind
from membership.models import Message, User, WorkUnit, WorkUnitRequest
from membership.periods import shanghai_date
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, staff
from tests.factories.reference import WorkUnitAliasFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db
NAME = "河西区第二肿瘤医院"


@pytest.fixture
def support() -> User:
    return staff(rules.SUPPORT)


@pytest.fixture
def applicant(at) -> User:
    """A professional whose draft names a unit that the list lacks."""
    user = UserFactory()
    application = enrolment.start(user=user, at=at)
    answers = {**stories.answers(), "work_unit": None, "work_unit_name": NAME}
    enrolment.save_draft(application=application, person=user, answers=answers, at=at)
    return user


def ask(person: User, at, name: str = NAME) -> WorkUnitRequest:
    return work_unit_requests.request_unit(person=person, name=name, province="天津市", at=at)


def add(request: WorkUnitRequest, person: User, at, **changes) -> WorkUnit:
    answer = {"name": NAME, "kind": WorkUnitKind.CANCER_HOSPITAL, "province": None, **changes}
    return work_unit_requests.add_unit(request=request, person=person, at=at, **answer)


def told(user: User) -> list[str]:
    return list(Message.objects.filter(user=user).order_by("pk").values_list("code", flat=True))


class TestAsking:
    def test_a_request_belongs_to_the_draft_it_was_made_for(self, applicant, at):
        request = ask(applicant, at)

        assert request.application == enrolment.current(applicant)
        assert work_unit_requests.wanted_by(request.application) == NAME

    @pytest.mark.parametrize("name", ["", "  ", "\u200b", "\x00"])
    def test_a_request_without_a_name_is_refused(self, applicant, at, name):
        with pytest.raises(work_unit_requests.NameMissing):
            ask(applicant, at, name)

    def test_a_unit_that_the_list_has_is_named_also_by_another_name_of_its(self, applicant, at):
        alias = WorkUnitAliasFactory(name="区肿瘤二院")

        with pytest.raises(work_unit_requests.AlreadyListed, match=alias.work_unit.name):
            ask(applicant, at, "区肿瘤二院")

    def test_the_same_unit_is_asked_for_once(self, applicant, at):
        ask(applicant, at)

        with pytest.raises(work_unit_requests.AlreadyAsked):
            ask(applicant, at, f" {NAME} ")

    def test_more_than_three_at_once_are_too_many(self, applicant, at):
        for number in range(3):
            ask(applicant, at, f"第{number}医院")

        with pytest.raises(work_unit_requests.TooManyOpen):
            ask(applicant, at, "又一个医院")


class TestAnswering:
    def test_an_added_unit_is_on_the_list_fills_the_draft_and_its_applicant_is_told(self, applicant, support, at):
        unit = add(ask(applicant, at), support, at)

        application = enrolment.current(applicant)
        assert lookups.work_unit_named(NAME) == unit
        assert application.own_dossier.work_unit == unit
        assert "work_unit_name" not in {gap.field for gap in gaps.gaps_in(application, today=shanghai_date(at))}
        message = Message.objects.get(user=applicant, code="unit-added")
        assert "已为您填入申请表" in message.body

    def test_a_draft_that_names_another_unit_by_now_is_left_alone(self, applicant, support, at):
        request, other = ask(applicant, at), WorkUnitFactory()
        enrolment.save_draft(
            application=enrolment.current(applicant),
            person=applicant,
            answers={"work_unit": other, "work_unit_name": other.name},
            at=at,
        )

        add(request, support, at)

        assert enrolment.current(applicant).own_dossier.work_unit == other
        assert "请在申请表的「工作单位」中选择" in Message.objects.get(user=applicant, code="unit-added").body

    def test_who_has_submitted_by_now_is_sent_to_no_form(self, support, at):
        application = stories.submitted(at=at)
        request = ask(application.member.user, at)

        add(request, support, at)

        assert "申请表" not in Message.objects.get(user=application.member.user, code="unit-added").body

    def test_added_under_its_full_name_it_is_found_by_the_name_that_was_asked_for(self, applicant, support, at):
        unit = add(ask(applicant, at), support, at, name="天津市河西区第二肿瘤医院")

        assert lookups.work_unit_named(NAME) == unit
        assert enrolment.current(applicant).own_dossier.work_unit_name == "天津市河西区第二肿瘤医院"

    def test_a_unit_known_under_another_name_gets_this_one_too(self, applicant, support, at):
        request, unit = ask(applicant, at), WorkUnitFactory(name="天津市河西区第二肿瘤医院")

        work_unit_requests.name_unit(request=request, person=support, unit=unit, at=at)

        assert lookups.work_unit_named(NAME) == unit
        assert told(applicant) == ["unit-found"]

    def test_everybody_who_asked_for_the_unit_is_answered_at_once(self, applicant, support, at):
        request, other = ask(applicant, at), UserFactory()
        ask(other, at)

        assert work_unit_requests.others_asking(request) == 1
        add(request, support, at)

        assert told(applicant) == told(other) == ["unit-added"]
        assert not WorkUnitRequest.objects.open().exists()

    def test_declined_with_a_reason_that_the_applicant_reads(self, applicant, support, at):
        request = ask(applicant, at)
        with pytest.raises(work_unit_requests.AnswerMissing):
            work_unit_requests.decline(request=request, person=support, answer=" ", at=at)

        work_unit_requests.decline(request=request, person=support, answer="这是科室，不是单位", at=at)

        assert "这是科室，不是单位" in Message.objects.get(user=applicant).body
        assert [one.text for one in work_unit_requests.own_requests(applicant)] == ["这是科室，不是单位"]

    def test_the_second_of_two_colleagues_is_told(self, applicant, support, at):
        request = ask(applicant, at)
        add(request, support, at)

        with pytest.raises(work_unit_requests.AnsweredMeanwhile):
            work_unit_requests.decline(request=request, person=staff(rules.ADMINISTRATOR), answer="不添加", at=at)

        assert WorkUnitRequest.objects.get().state == RequestState.DONE

    def test_a_unit_out_of_use_is_no_answer(self, applicant, support, at):
        for unit in (None, WorkUnitFactory(is_active=False)):
            with pytest.raises(work_unit_requests.UnitMissing):
                work_unit_requests.name_unit(request=ask(UserFactory(), at, "某医院"), person=support, unit=unit, at=at)

    def test_a_new_unit_needs_a_kind_and_a_name_that_no_other_has(self, applicant, support, at):
        request, listed = ask(applicant, at), WorkUnitFactory()

        for changes, refusal in (
            ({"kind": ""}, work_unit_requests.KindMissing),
            ({"name": ""}, work_unit_requests.NameMissing),
            ({"name": listed.name}, work_unit_requests.AlreadyListed),
        ):
            with pytest.raises(refusal):
                add(request, support, at, **changes)

    def test_units_of_a_like_name_are_offered(self, applicant, at):
        like, unlike = WorkUnitFactory(name="天津市河西区第二肿瘤医院"), WorkUnitFactory(name="北京大学医学部")

        offered = work_unit_requests.alike(ask(applicant, at))

        assert like in offered
        assert unlike not in offered


class TestWhoAnswers:  # S-6
    def test_support_and_administrators_alone_and_never_their_own(self, applicant, support, at):
        request = ask(applicant, at)
        for role in (rules.EDITOR, rules.ASSOCIATION_REVIEWER, rules.INSTITUTION_REVIEWER):
            with pytest.raises(NotAllowed):
                work_unit_requests.decline(request=request, person=staff(role), answer="不", at=at)
        with pytest.raises(NotAllowed):
            work_unit_requests.decline(request=ask(support, at, "本院"), person=support, answer="不", at=at)

        assert list(work_unit_requests.waiting(support)) == [request]
        assert not work_unit_requests.waiting(applicant).exists()
