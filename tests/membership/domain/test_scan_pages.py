"""Before a signed form is handed in: its pages laid out, put in order, taken away; who may, how many, and until when."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages

from membership.domain import review, scan_pages, stamped_forms
from membership.domain.errors import NotAllowed
from membership.domain.scan_pages import (
    MEGABYTE,
    AlreadyOpened,
    AlreadyThere,
    NewPage,
    NoPages,
    NothingAwaited,
    PagesChanged,
    TooManyBytes,
    TooManyPages,
    Upload,
)
from membership.domain.stamped_forms import Scan
from membership.enums import ApplicationState, AttachmentKind, Basis
from membership.models import Application, Attachment, ScanPage
from tests.factories import enrolment as stories
from tests.factories.people import UserFactory, association_reviewer, committee_member

pytestmark = pytest.mark.django_db


def picture(tone: int = 50):
    return stories.picture(AttachmentKind.STAMPED_PAGE, tone=tone)


def upload(name: str = "a.jpg", *, pages: int = 1, size: int = 1000) -> Upload:
    """A file whose name stands for its content."""
    return Upload([NewPage(picture(tone), {"page": tone}) for tone in range(1, pages + 1)], name, f"{name:0>64}", size)


def add(application: Application, at, *files: Upload, person=None, **options) -> list[ScanPage]:
    for file in files or (upload(),):
        scan_pages.add(application=application, person=person or application.member.user, upload=file, at=at, **options)
    return scan_pages.pages_of(application)


def names(application: Application) -> list[tuple[str, int]]:
    """Which page of which file lies where."""
    pages = scan_pages.pages_of(application)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    return [(page.source_name, page.source_page) for page in pages]


def hand_in(application: Application, at, pages=None) -> Application:
    pages = scan_pages.pages_of(application) if pages is None else pages
    return stamped_forms.upload(application=application, person=application.member.user, scan=Scan(pages=pages), basis=[Basis.STAMP], at=at)


@pytest.fixture
def application(at):
    return stories.submitted(at=at)


class TestLayingOut:  # APP-11
    def test_pages_lie_in_the_order_they_came(self, application, at):
        add(application, at, upload("a.jpg"), upload("b.pdf", pages=2), upload("c.jpg"))

        assert names(application) == [("a.jpg", 1), ("b.pdf", 1), ("b.pdf", 2), ("c.jpg", 1)]

    def test_they_change_nothing_of_the_application(self, application, at):
        add(application, at + timedelta(days=1))

        again = Application.objects.get(pk=application.pk)
        assert (again.state, again.state_since) == (ApplicationState.AWAITING_FORM, application.state_since)
        assert stamped_forms.current(again) is None

    def test_a_file_may_take_the_place_of_one_page(self, application, at):
        pages = add(application, at, upload("a.jpg"), upload("b.jpg"), upload("c.jpg"))

        add(application, at, upload("new.pdf", pages=2), in_place_of=pages[1].pk)

        assert names(application) == [("a.jpg", 1), ("new.pdf", 1), ("new.pdf", 2), ("c.jpg", 1)]
        assert not Attachment.objects.filter(pk=pages[1].picture_id).exists()

    def test_a_page_may_be_replaced_by_the_same_file_once_more(self, application, at):
        [page] = add(application, at, upload("a.jpg"))

        add(application, at, upload("a.jpg"), in_place_of=page.pk)

        assert names(application) == [("a.jpg", 1)]

    def test_a_page_that_is_gone_cannot_be_replaced(self, application, at):
        with pytest.raises(PagesChanged):
            add(application, at, in_place_of=999)

        assert names(application) == []

    def test_the_same_file_is_not_laid_out_twice(self, application, at):
        add(application, at, upload("a.jpg"))

        with pytest.raises(AlreadyThere, match="没有重复添加"):
            add(application, at, upload("a.jpg"))

        assert names(application) == [("a.jpg", 1)]

    def test_two_persons_may_send_the_same_file(self, at):
        for one in (stories.submitted(at=at), stories.submitted(at=at)):
            assert len(add(one, at, upload("a.jpg"))) == 1

    def test_nobody_lays_out_for_another(self, application, at):
        with pytest.raises(NotAllowed):
            add(application, at, person=UserFactory())


class TestLimits:  # APP-7, APP-11
    def test_ten_pages_are_taken(self, application, at):
        assert len(add(application, at, upload("a.pdf", pages=9), upload("b.jpg"))) == 10

    def test_an_eleventh_is_refused_with_the_limit(self, application, at):
        add(application, at, upload("a.pdf", pages=9))

        with pytest.raises(TooManyPages, match="共 11 页，超过 10 页"):
            add(application, at, upload("b.pdf", pages=2))

        assert len(names(application)) == 9

    def test_in_place_of_a_page_there_is_room_for_one(self, application, at):
        pages = add(application, at, upload("a.pdf", pages=10))

        assert len(add(application, at, upload("b.jpg"), in_place_of=pages[3].pk)) == 10

    def test_forty_megabytes_are_taken_a_file_counting_once_for_all_its_pages(self, application, at):
        add(application, at, upload("a.pdf", pages=4, size=20 * MEGABYTE), upload("b.jpg", size=20 * MEGABYTE))

        assert len(names(application)) == 5

    def test_more_is_refused_with_the_limit(self, application, at):
        add(application, at, upload("a.pdf", size=20 * MEGABYTE), upload("b.pdf", size=20 * MEGABYTE))

        with pytest.raises(TooManyBytes, match=r"共 40\.5 MB，超过 40 MB"):
            add(application, at, upload("c.jpg", size=MEGABYTE // 2))


class TestOrder:  # APP-11
    @pytest.fixture
    def pages(self, application, at):
        return add(application, at, upload("a"), upload("b"), upload("c"))

    @pytest.mark.parametrize(
        ("moved", "steps", "order"),
        [(2, -1, "acb"), (0, 1, "bac"), (0, 2, "bca"), (0, -1, "abc"), (2, 1, "abc")],
        ids=["up", "down", "to the end", "the first stays first", "the last stays last"],
    )
    def test_a_page_is_moved(self, application, pages, moved, steps, order):
        scan_pages.move(application=application, person=application.member.user, page=pages[moved].pk, steps=steps)

        assert "".join(name for name, _ in names(application)) == order

    def test_a_page_is_taken_away_with_its_picture(self, application, pages, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            scan_pages.remove(application=application, person=application.member.user, page=pages[0].pk)

        assert names(application) == [("b", 1), ("c", 1)]
        assert not Attachment.objects.filter(pk=pages[0].picture_id).exists()
        assert not storages["private"].exists(pages[0].picture.file.name)

    def test_what_is_gone_can_neither_be_moved_nor_taken_away(self, application, pages):
        person, gone = application.member.user, pages[0].pk
        scan_pages.remove(application=application, person=person, page=gone)

        with pytest.raises(PagesChanged):
            scan_pages.remove(application=application, person=person, page=gone)
        with pytest.raises(PagesChanged):
            scan_pages.move(application=application, person=person, page=gone, steps=1)

    def test_another_persons_page_is_none(self, pages, at):
        other = stories.submitted(at=at)

        with pytest.raises(PagesChanged):
            scan_pages.remove(application=other, person=other.member.user, page=pages[0].pk)

        assert ScanPage.objects.filter(pk=pages[0].pk).exists()

    def test_a_turned_picture_takes_the_place_of_the_other(self, application, pages, at):
        before = pages[1].picture_id

        turned = scan_pages.turn(
            application=application, person=application.member.user, page=pages[1], turned=NewPage(picture(99), {"page": 99}), at=at
        )

        assert turned.picture_id != before
        assert scan_pages.pages_of(application)[1].seen == {"page": 99}
        assert not Attachment.objects.filter(pk=before).exists()

    def test_of_two_turns_of_the_same_picture_the_second_is_told(self, application, pages, at):
        act = {"application": application, "person": application.member.user, "page": pages[1], "at": at}
        scan_pages.turn(**act, turned=NewPage(picture(98), {}))

        with pytest.raises(PagesChanged):
            scan_pages.turn(**act, turned=NewPage(picture(99), {}))


class TestHandingIn:  # APP-11, A-23
    def test_the_pages_become_the_form_in_their_order(self, application, at):
        pages = add(application, at, upload("a"), upload("b"))

        handed_in = hand_in(application, at)

        form = stamped_forms.current(handed_in)
        assert [page.attachment_id for page in form.pages.all()] == [page.picture_id for page in pages]
        assert handed_in.state == ApplicationState.CHECKING

    def test_nothing_stays_laid_out(self, application, at):
        add(application, at)

        hand_in(application, at)

        assert scan_pages.pages_of(application) == []

    def test_the_only_page_is_the_document(self, application, at):
        [page] = add(application, at)

        assert stamped_forms.current(hand_in(application, at)).original_id == page.picture_id

    def test_pages_bound_in_one_file_are_kept_with_it(self, application, at):
        add(application, at, upload("a"), upload("b"))
        scan = Scan(pages=scan_pages.pages_of(application), original=stories.picture(AttachmentKind.STAMPED_FORM))

        stamped_forms.upload(application=application, person=application.member.user, scan=scan, basis=[Basis.STAMP], at=at)

        form = stamped_forms.current(application)
        assert form.original.kind == AttachmentKind.STAMPED_FORM
        assert form.pages.count() == 2

    def test_pages_that_were_changed_elsewhere_are_not_handed_in(self, application, at):
        seen = add(application, at, upload("a"), upload("b"))
        scan_pages.move(application=application, person=application.member.user, page=seen[0].pk, steps=1)

        with pytest.raises(PagesChanged):
            hand_in(application, at, seen)

        assert Application.objects.get(pk=application.pk).state == ApplicationState.AWAITING_FORM
        assert len(scan_pages.pages_of(application)) == 2

    def test_what_a_person_saw_is_what_they_hand_in(self, application, at):
        pages = add(application, at, upload("a"), upload("b"))
        seen = scan_pages.as_seen(pages)

        assert scan_pages.pages_seen(application, seen) == pages
        with pytest.raises(PagesChanged):
            scan_pages.pages_seen(application, scan_pages.as_seen(pages[::-1]))

    def test_nothing_is_nothing_to_hand_in(self, application):
        with pytest.raises(NoPages, match="请先上传"):
            scan_pages.pages_seen(application, "")


class TestUntilWhen:
    def test_a_replacement_is_laid_out_until_a_reviewer_has_opened_the_file(self, at):
        application = stories.checking(at=at)
        assert len(add(application, at)) == 1

        review.opened(application=application, reviewer=association_reviewer(), at=at)

        with pytest.raises(AlreadyOpened):
            add(Application.objects.get(pk=application.pk), at, upload("b"))
        assert not scan_pages.may_come_in(Application.objects.get(pk=application.pk))

    def test_while_the_referrer_is_silent_a_stamp_may_still_come(self, at):
        assert scan_pages.may_come_in(stories.endorsing(at=at, seat=committee_member()))

    @pytest.mark.parametrize("story", [stories.draft, stories.deciding, stories.returned, stories.approved])
    def test_elsewhere_no_form_is_awaited(self, story, at):
        application = story(at=at)

        with pytest.raises(NothingAwaited):
            add(application, at)
        assert not scan_pages.may_come_in(application)


class TestAbandoned:  # pages that can never be handed in any more
    def test_are_found_once_the_application_has_gone_on_without_them(self, at):
        awaited, opened, gone = stories.submitted(at=at), stories.checking(at=at), stories.checking(at=at)
        for application in (awaited, opened, gone):
            add(application, at)
        review.opened(application=opened, reviewer=association_reviewer(), at=at)
        stories.approve_file(gone, at=at)

        assert set(scan_pages.abandoned(at.date())) == {opened.pk, gone.pk}

    def test_are_cleared_away_with_their_pictures(self, at):
        application = stories.checking(at=at)
        [page] = add(application, at)

        scan_pages.clear_away(application.pk, at)

        assert scan_pages.pages_of(application) == []
        assert not Attachment.objects.filter(pk=page.picture_id).exists()
