"""The register of exports: asked what for, made once, fetched by who made it, removed after its days (REV-13, S-8, ACC-7)."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from membership import rules
from membership.domain import attachments, exports, sweeping
from membership.domain.errors import NotAllowed
from membership.domain.visibility import Reader
from membership.enums import AttachmentKind, ExportFormat, ExportState
from membership.models import Attachment, AuditEntry, ExportRun, InstitutionReviewer
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import UserFactory, association_reviewer, freeze, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return association_reviewer()


def asked(person, at, **changes) -> ExportRun:
    wanted = {"list_name": "desk", "query": "q=110101199003072316", "filter_words": "待审", "reader": Reader.ASSOCIATION}
    wanted |= {"purpose": "2026 年度会员统计", "format": ExportFormat.CSV, **changes}
    return exports.ask(person=person, at=at, **wanted)


def made(person, at, **changes) -> ExportRun:
    run = exports.begin(run_id=asked(person, at, **changes).pk, at=at)
    file = Attachment(kind=AttachmentKind.EXPORT, content_type="text/csv", size=3, sha256="0" * 64, uploaded_by=person, created_at=at)
    file.file.save("export", ContentFile(b"abc"))
    exports.finish(run=run, file=file, rows=37, at=at)
    return ExportRun.objects.get(pk=run.pk)


class TestAsking:  # REV-13
    @pytest.mark.parametrize("purpose", ["", "   ", "统计", "一 二", "\u3000统计\u3000"])
    def test_nobody_takes_a_list_away_without_saying_what_for(self, person, at, purpose):
        with pytest.raises(exports.PurposeMissing):
            asked(person, at, purpose=purpose)

        assert not ExportRun.objects.exists()

    def test_four_characters_are_a_purpose(self, person, at):
        assert asked(person, at, purpose="年度统计").purpose == "年度统计"

    def test_an_institution_cannot_ask_for_identity_numbers(self, at):
        with pytest.raises(exports.IdentityNotYours):
            asked(institution_reviewer(InstitutionFactory()), at, reader=Reader.INSTITUTION, with_identity=True)

    def test_what_was_looked_for_is_kept_unreadable_without_the_keys(self, person, at):
        run = asked(person, at)

        assert "110101" not in str(run.filter)
        assert exports.query_of(run) == "q=110101199003072316"

    def test_it_is_written_down_at_once(self, person, at):
        run = asked(person, at, with_identity=True)

        entry = AuditEntry.objects.get(action="export.ask")
        assert (entry.target_id, entry.actor) == (run.pk, person)
        assert entry.details == {"list": "desk", "format": "csv", "identity": True}


class TestMaking:
    def test_one_worker_makes_it(self, person, at):
        run = asked(person, at)

        assert exports.begin(run_id=run.pk, at=at) is not None
        assert exports.begin(run_id=run.pk, at=at) is None

    def test_what_a_dead_worker_left_is_made_anew(self, person, at):
        run = asked(person, at)
        exports.advance(run=exports.begin(run_id=run.pk, at=at), rows=500, of=700, at=at)
        later = at + exports.STALE_AFTER + timedelta(seconds=1)

        assert exports.stale(at=at) == [] and exports.stale(at=later) == [run.pk]
        assert exports.begin(run_id=run.pk, at=later).done_count == 0

    def test_who_lost_the_role_before_it_was_made_gets_nothing(self, person, at):
        run = asked(person, at)
        person.groups.clear()

        assert exports.begin(run_id=run.pk, at=at) is None
        run.refresh_from_db()
        assert (run.state, run.error) == (ExportState.FAILED, "您已不再是协会会员部审核员，不能取得这份名单。")


class TestFetching:  # REV-13, S-8
    def test_who_made_it_fetches_it_as_often_as_they_like_and_each_time_is_written_down(self, person, at):
        run = made(person, at)

        for hours in (0, 1):
            assert exports.fetch(run=run, person=person, at=at + timedelta(hours=hours)) == run.file

        assert AuditEntry.objects.filter(action=exports.FETCHED, target_id=run.pk, actor=person).count() == 2

    @pytest.mark.parametrize("make", [association_reviewer, lambda: staff(rules.ADMINISTRATOR), UserFactory])
    def test_nobody_else_does_whatever_their_role(self, person, at, make):
        with pytest.raises(NotAllowed):
            exports.fetch(run=made(person, at), person=make(), at=at)

        assert not AuditEntry.objects.filter(action=exports.FETCHED).exists()

    def test_not_even_by_the_address_of_private_files(self, person, at):
        file = made(person, at).file

        assert not attachments.may_read(person, file)
        assert not attachments.may_read(staff(rules.ADMINISTRATOR), file)

    def test_who_is_no_reviewer_of_the_institution_any_more_fetches_nothing(self, at):
        lung, liver = InstitutionFactory(), InstitutionFactory()
        person = institution_reviewer(lung, liver)
        run = made(person, at, reader=Reader.INSTITUTION)
        InstitutionReviewer.objects.filter(institution=liver).delete()

        with pytest.raises(NotAllowed, match="不再审核"):
            exports.fetch(run=run, person=type(person).objects.get(pk=person.pk), at=at)

    def test_who_is_frozen_fetches_nothing(self, person, at):
        run = made(person, at)
        freeze(stories.draft(at=at, user=person).member, at=at)

        with pytest.raises(NotAllowed):
            exports.fetch(run=run, person=type(person).objects.get(pk=person.pk), at=at)

    def test_it_is_there_to_the_end_of_the_seventh_day_and_then_gone_for_good(self, person, at):
        run = made(person, at)
        last = moment(at.date() + timedelta(days=7), 23, 59)

        assert sweeping.sweep(at=last)["files of exports removed"].done == 0
        assert exports.fetch(run=run, person=person, at=last) == run.file
        with pytest.raises(exports.FileGone):
            exports.fetch(run=run, person=person, at=last + timedelta(minutes=1))

    def test_the_sweeper_removes_file_and_record_and_the_line_stays(self, person, at, django_capture_on_commit_callbacks):
        run = made(person, at)
        storage, name = run.file.file.storage, run.file.file.name

        with django_capture_on_commit_callbacks(execute=True):
            assert sweeping.sweep(at=moment(at.date() + timedelta(days=8), 1))["files of exports removed"].done == 1

        assert not storage.exists(name) and not Attachment.objects.exists()
        run.refresh_from_db()
        assert (run.file, run.row_count, run.purpose) == (None, 37, "2026 年度会员统计")
        assert AuditEntry.objects.filter(action="export.removed", target_id=run.pk, actor=None).exists()


class TestRegister:  # REV-13
    def test_the_association_and_administrators_read_every_line_others_their_own(self, person, at):
        lung = InstitutionFactory()
        other, nobody = institution_reviewer(lung), institution_reviewer(lung)
        first, second = made(person, at), made(other, at, reader=Reader.INSTITUTION)

        for reader, lines in (
            (association_reviewer(), {first, second}),
            (staff(rules.ADMINISTRATOR), {first, second}),
            (other, {second}),
            (nobody, set()),
            (staff(rules.SUPPORT), set()),
            (staff(rules.EDITOR), set()),
            (UserFactory(), set()),
        ):
            assert set(exports.visible_to(reader)) == lines
