"""Pictures of a draft: put in, changed, removed; by whom, when, and what becomes of the files."""

from dataclasses import replace

import pytest

from membership.domain import attachments, enrolment
from membership.domain.errors import NotAllowed
from membership.domain.transitions import NotPossible
from membership.enums import AttachmentKind
from membership.models import Attachment
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer, institution_reviewer
from tests.membership.domain.acts import fresh

pytestmark = pytest.mark.django_db


def cut_photo(tone: int = 200) -> attachments.NewFile:
    """A photo as it is stored: cut, beside the whole one."""
    whole = stories.picture(size=(1500, 1000), tone=tone)
    return replace(stories.picture(tone=tone), cut_from=whole, cut_box=(393, 0, 714, 1000))


def attach(application, file, at, *, person=None, field="portrait") -> Attachment:
    return enrolment.attach(application=application, person=person or application.member.user, field=field, file=file, at=at)


def change(application, file, at, *, picture, person=None) -> Attachment:
    person = person or application.member.user
    return enrolment.change_picture(application=application, person=person, field="portrait", picture=picture, file=file, at=at)


def remove(application, at, *, picture, person=None, field="portrait") -> None:
    enrolment.remove_picture(application=application, person=person or application.member.user, field=field, picture=picture, at=at)


def portrait(application) -> Attachment:
    return fresh(application).own_dossier.portrait


class TestAttach:  # APP-7
    def test_it_is_an_edit_of_the_draft_that_other_pages_notice(self, at):
        application = stories.draft(at=at)
        before = fresh(application).own_dossier.edits

        attach(application, stories.picture(tone=90), at)

        assert fresh(application).own_dossier.edits == before + 1

    def test_the_one_before_is_forgotten_with_its_file(self, at, django_capture_on_commit_callbacks):
        application = stories.draft(at=at)
        before = portrait(application)

        with django_capture_on_commit_callbacks(execute=True):
            attach(application, stories.picture(tone=90), at)

        assert not Attachment.objects.filter(pk=before.pk).exists()
        assert not before.file.storage.exists(before.file.name)

    def test_a_cut_photo_keeps_the_whole_one_as_long_as_it_is_there(self, at, django_capture_on_commit_callbacks):
        application = stories.draft(at=at)
        stored = attach(application, cut_photo(), at)
        whole = stored.cut_from
        assert whole.file.storage.exists(whole.file.name)

        with django_capture_on_commit_callbacks(execute=True):
            attach(application, stories.picture(tone=90), at)

        assert not Attachment.objects.filter(pk__in=[stored.pk, whole.pk]).exists()
        assert not whole.file.storage.exists(whole.file.name)

    def test_the_submitted_version_keeps_its_picture(self, at):
        application = stories.returned(at=at)
        before = portrait(application)

        attach(application, stories.picture(tone=90), at)

        assert application.dossiers.get(version=1).portrait == before
        assert portrait(application) != before

    @pytest.mark.parametrize("state", [stories.submitted, stories.checking, stories.deciding])
    def test_once_submitted_nothing_is_put_in_and_no_file_is_left_behind(self, at, state):
        application = state(at=at)
        files = Attachment.objects.count()

        with pytest.raises(NotPossible):
            attach(application, cut_photo(), at)

        assert Attachment.objects.count() == files

    def test_nobody_puts_a_picture_into_anothers_draft(self, at):
        with pytest.raises(NotAllowed):
            attach(stories.draft(at=at), stories.picture(), at, person=UserFactory())

    def test_a_discarded_draft_takes_its_pictures_along(self, at):
        application = stories.draft(at=at)
        attach(application, cut_photo(), at)

        enrolment.discard(application=application, person=application.member.user, at=at)

        assert not Attachment.objects.exists()


class TestChange:  # APP-7, field case 42
    def test_a_photo_cut_anew_keeps_the_whole_one(self, at):
        application = stories.draft(at=at)
        first = attach(application, cut_photo(), at)
        anew = replace(stories.picture(tone=120), cut_from=first.cut_from, cut_box=(0, 0, 500, 700))

        second = change(application, anew, at, picture=first.pk)

        assert portrait(application) == second
        assert second.cut_from == first.cut_from
        assert not Attachment.objects.filter(pk=first.pk).exists()

    def test_what_another_device_put_in_meanwhile_is_not_overwritten(self, at):
        application = stories.draft(at=at)
        seen = portrait(application).pk
        theirs = attach(application, stories.picture(tone=90), at)
        files = Attachment.objects.count()

        with pytest.raises(enrolment.PictureChanged):
            change(application, cut_photo(), at, picture=seen)

        assert portrait(application) == theirs
        assert Attachment.objects.count() == files

    def test_nobody_changes_anothers_picture(self, at):
        application = stories.draft(at=at)

        with pytest.raises(NotAllowed):
            change(application, cut_photo(), at, picture=portrait(application).pk, person=UserFactory())

    def test_a_submitted_picture_stays(self, at):
        application = stories.submitted(at=at)

        with pytest.raises(NotPossible):
            change(application, cut_photo(), at, picture=portrait(application).pk)


class TestRemove:  # APP-7
    def test_it_is_missing_again_and_forgotten(self, at):
        application = stories.draft(at=at)
        before = attach(application, cut_photo(), at)

        remove(application, at, picture=before.pk)

        assert portrait(application) is None
        assert not Attachment.objects.filter(kind=AttachmentKind.PORTRAIT).exists()

    def test_out_of_a_returned_file_it_goes_for_the_next_version_alone(self, at):
        application = stories.returned(at=at)
        before = portrait(application)

        remove(application, at, picture=before.pk)

        assert portrait(application) is None
        assert application.dossiers.get(version=1).portrait == before

    def test_one_that_was_replaced_meanwhile_is_not_removed(self, at):
        application = stories.draft(at=at)
        seen = portrait(application).pk
        attach(application, stories.picture(tone=90), at)

        with pytest.raises(enrolment.PictureChanged):
            remove(application, at, picture=seen)

        assert portrait(application) is not None

    @pytest.mark.parametrize("state", [stories.submitted, stories.checking])
    def test_a_submitted_picture_stays(self, at, state):
        application = state(at=at)

        with pytest.raises(NotPossible):
            remove(application, at, picture=portrait(application).pk)

    def test_nobody_removes_anothers_picture(self, at):
        application = stories.draft(at=at)

        with pytest.raises(NotAllowed):
            remove(application, at, picture=portrait(application).pk, person=UserFactory())


def test_the_whole_photograph_is_seen_by_its_owner_alone(at):  # S-1, S-2
    application = stories.draft(at=at)
    whole = attach(application, cut_photo(), at).cut_from
    enrolment.submit(application=application, person=application.member.user, consents_given=stories.CONSENTS, at=at)
    reviewers = (association_reviewer(), institution_reviewer(application.rows.get().institution))

    assert attachments.may_read(application.member.user, whole)
    assert not any(attachments.may_read(one, whole) for one in reviewers)
