"""A further enrolment on the institution's desk: it says that nothing was stamped or referred, and shows no other institution."""

import pytest

from membership.domain import further_enrolment
from membership.domain.further_enrolment import Choice
from membership.enums import RowState, Verdict
from membership.models import ApplicationInstitution, Institution, Member, Message
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.review.pages import decide, list_of, names_in, screen_of

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def held() -> Institution:
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


@pytest.fixture
def row(at, held) -> ApplicationInstitution:
    """A member of one committee asks another one to take its place."""
    member = Member.objects.get(pk=stories.approved(at=at, institutions=[held]).member_id)
    wanted = InstitutionFactory(committee=True, name="肝癌专业委员会")
    chosen = Choice((wanted,), {wanted.pk: member.affiliations.get()})
    return further_enrolment.submit(person=member.user, choice=chosen, is_still_true=True, at=at).rows.get()


class TestInTheQueue:  # REV-1
    def test_it_is_marked_among_those_that_wait(self, row):
        page = list_of(institution_reviewer(row.institution), "rows")

        assert names_in(page) == [row.member.name]
        assert "加入更多机构" in text_of(page)

    def test_a_first_enrolment_is_not(self, at):
        pending = stories.deciding(at=at).rows.get()

        assert "加入更多机构" not in text_of(list_of(institution_reviewer(pending.institution), "rows"))

    def test_the_files_of_the_association_have_none(self, row, at):
        assert names_in(list_of(association_reviewer(), tab="all")) == [row.member.name]  # the first enrolment alone


class TestOnTheScreen:  # REV-2, S-1, S-4
    def test_it_says_that_there_is_neither_stamp_nor_referral(self, row):
        said = text_of(screen_of(institution_reviewer(row.institution), row))

        assert "会员加入更多机构，不需要盖章和推荐，已于 2026-03-17 确认资料仍然属实" in said
        assert "盖章已由协会核验" not in said

    def test_the_institution_reads_the_current_dossier_and_of_no_other_institution(self, row, held):
        said = text_of(screen_of(institution_reviewer(row.institution), row))

        assert row.member.current_dossier.department in said
        assert held.name not in said

    def test_the_association_reads_what_is_replaced(self, row, held):
        assert f"通过后换下{held.name}" in text_of(screen_of(association_reviewer(), row))

    def test_no_field_of_a_form_that_is_not_there_can_be_blamed(self, row):
        response = screen_of(association_reviewer(), row)

        assert "stamped_form" not in dict(response.context["form"].fields["fields_concerned"].choices)


class TestDeciding:  # REV-3, A-10
    def test_an_approval_is_recorded_on_the_current_dossier(self, row, held):
        decide(institution_reviewer(row.institution), row, Verdict.APPROVED)

        row.refresh_from_db()
        member = Member.objects.get(pk=row.member_id)
        assert row.state == RowState.APPROVED
        assert row.decisions.get().dossier == member.current_dossier
        assert [one.institution for one in member.affiliations.standing()] == [row.institution]

    def test_a_refusal_with_its_reason_reaches_the_member(self, row):
        decide(institution_reviewer(row.institution), row, Verdict.REFUSED, reason="名额已满")

        row.refresh_from_db()
        assert row.state == RowState.REFUSED
        assert "名额已满" in Message.objects.filter(user=row.member.user).latest("pk").body
