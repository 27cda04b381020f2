"""内部备注, 「正在查看」 and the audit of one case: what colleagues of one scope know of each other's work, and nobody else."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from membership.domain import audit, case_trail, notes, presence, review
from membership.domain.errors import NotAllowed
from membership.models import AuditEntry
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


@pytest.fixture
def liver():
    return InstitutionFactory(committee=True, name="肝癌专业委员会")


@pytest.fixture
def application(lung, liver, at):
    return stories.deciding(at=at, institutions=[lung, liver])


class TestNotes:  # REV-9
    def test_each_scope_reads_its_own(self, application, lung, liver, at):
        row = application.rows.get(institution=lung)
        notes.write(case=row, author=institution_reviewer(lung), text="请主任看一下", at=at)
        notes.write(case=application, author=association_reviewer(), text="已电话核实单位", at=at)

        texts = {scope: [note.text for note in notes.of(application, scope)] for scope in (None, lung, liver)}

        assert texts == {None: ["已电话核实单位"], lung: ["请主任看一下"], liver: []}

    def test_the_association_on_a_row_writes_in_its_own_scope(self, application, lung, at):
        note = notes.write(case=application.rows.get(institution=lung), author=association_reviewer(), text="催过一次", at=at)

        assert note.institution is None

    def test_with_author_and_time_in_their_order(self, application, at):
        first, second = association_reviewer("唐老师"), association_reviewer("李老师")
        notes.write(case=application, author=second, text="后", at=at + timedelta(hours=1))
        notes.write(case=application, author=first, text="先", at=at)

        found = notes.of(application, None)
        assert [(str(note.author), note.text, note.written_at) for note in found] == [
            ("唐老师", "先", at),
            ("李老师", "后", at + timedelta(hours=1)),
        ]

    @pytest.mark.parametrize(("text", "refusal"), [("", notes.NoteMissing), (" \n　", notes.NoteMissing), ("备" * 2001, notes.NoteTooLong)])
    def test_nothing_and_too_much(self, application, at, text, refusal):
        with pytest.raises(refusal):
            notes.write(case=application, author=association_reviewer(), text=text, at=at)

    def test_not_by_another_institution_nor_in_ones_own_case(self, application, lung, at):
        row = application.rows.get(institution=lung)
        own = stories.checking(at=at, user=association_reviewer("本人"))
        for case, person in ((row, institution_reviewer()), (own, own.member.user), (row, row.member.user)):
            with pytest.raises(NotAllowed):
                notes.write(case=case, author=person, text="备注", at=at)

    def test_the_audit_keeps_that_one_was_written_and_not_its_text(self, application, at):
        notes.write(case=application, author=association_reviewer(), text="家庭情况", at=at)

        assert "家庭情况" not in str(AuditEntry.objects.get(action="note.write").details)


class TestWhoElseLooks:  # REV-9
    @pytest.fixture(autouse=True)
    def nobody(self):
        cache.clear()

    def test_the_others_of_the_same_scope_and_not_oneself(self, application, at):
        first, second = association_reviewer("唐老师"), association_reviewer("李老师")

        assert presence.note(application, None, first, at=at) == ()
        assert presence.note(application, None, second, at=at) == ("唐老师",)
        assert presence.note(application, None, first, at=at) == ("李老师",)

    def test_never_across_scopes_nor_cases(self, application, lung, liver, at):
        presence.note(application, lung, institution_reviewer(lung, name="王老师"), at=at)

        assert presence.note(application, liver, institution_reviewer(liver), at=at) == ()
        assert presence.note(application, None, association_reviewer(), at=at) == ()
        assert presence.note(stories.checking(at=at), lung, institution_reviewer(lung), at=at) == ()

    def test_who_went_away_is_forgotten_after_a_minute(self, application, at):
        presence.note(application, None, association_reviewer("唐老师"), at=at)
        other = association_reviewer("李老师")

        assert presence.note(application, None, other, at=at + timedelta(seconds=59)) == ("唐老师",)
        assert presence.note(application, None, other, at=at + timedelta(seconds=61)) == ()

    def test_who_says_so_at_once(self, application, at):
        gone = association_reviewer("唐老师")
        presence.note(application, None, gone, at=at)

        presence.leave(application, None, gone)

        assert presence.note(application, None, association_reviewer(), at=at) == ()


class TestTheTrailOfACase:  # S-4, S-8
    def test_the_association_reads_all_that_was_done_with_it(self, application, lung, at):
        reviewer = association_reviewer()
        row = application.rows.get(institution=lung)
        review.opened(application=application, reviewer=reviewer, at=at)
        stories.refuse_row(row, at=at)
        notes.write(case=application, author=reviewer, text="备注", at=at)

        actions = [entry.action for entry in case_trail.of(application, None)]

        assert {"application.submit", "application.upload_form", "file.approved", "row.refused", "application.view", "note.write"} <= set(
            actions
        )
        assert actions[0] == "note.write"

    def test_an_institution_reads_what_is_in_its_own_scope(self, application, lung, liver, at):
        for institution in (lung, liver):
            stories.refuse_row(application.rows.get(institution=institution), at=at)
        own, other = institution_reviewer(lung), institution_reviewer(liver)
        review.opened(application=application, reviewer=own, at=at, institution=lung)
        review.opened(application=application, reviewer=other, at=at, institution=liver)

        entries = list(case_trail.of(application, lung))

        assert {entry.institution_id for entry in entries} == {lung.pk}
        assert {entry.action for entry in entries} == {"row.refused", "application.view"}

    def test_not_what_was_done_about_the_person_elsewhere(self, application, at):
        audit.log("account.number_changed", application.member, by=None, at=at, about=application.member)
        another = stories.checking(at=at)

        found = case_trail.of(application, None)
        assert not found.filter(action="account.number_changed").exists()
        assert not found.filter(about=another.member).exists()
