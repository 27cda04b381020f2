"""What narrows a list, each in the URL; what an empty list says; who took a case on; a reviewer's own views."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from django.urls import reverse

from membership.domain import assignments, saved_views
from membership.models import SavedView
from membership.review import queue
from membership.review.queue import Asked
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import association_reviewer, institution_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.review.pages import list_of, names_in, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return association_reviewer()


class TestFilters:  # REV-1, REV-9
    def test_a_status_shows_those_alone(self, reviewer, at):
        stories.returned(at=at, name="退回者")
        stories.approved(at=at, name="会员")
        stories.deciding(at=at, name="转交者")

        assert names_in(list_of(reviewer, tab="decided", status="returned")) == ["退回者"]
        assert names_in(list_of(reviewer, tab="all", status="approved")) == ["会员"]
        assert names_in(list_of(reviewer, tab="deciding")) == ["转交者"]

    def test_files_that_wait_for_a_referrer_have_a_tab_with_their_number(self, reviewer, at):
        stories.endorsing(at=at, name="等待者")

        response = list_of(reviewer, tab="endorsing")

        assert names_in(response) == ["等待者"]
        assert [tab.count for tab in response.context["queue"].tabs if tab.label == "等待推荐"] == ["1"]

    @pytest.mark.parametrize("few", [0, 2_000])
    def test_an_institution_shows_its_files_however_many_it_has(self, reviewer, at, monkeypatch, few):
        monkeypatch.setattr("membership.review.desks.FEW_ROWS", few)
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        stories.checking(at=at, name="两处", institutions=[lung, liver])
        stories.checking(at=at, name="肝", institutions=[liver])

        assert names_in(list_of(reviewer, institution=str(lung.pk))) == ["两处"]
        assert set(names_in(list_of(reviewer, institution=str(liver.pk)))) == {"两处", "肝"}

    def test_a_member_type_shows_those_alone_on_either_desk(self, reviewer, at):
        stories.checking(at=at, name="学生", member_type="student")
        stories.checking(at=at, name="专业")
        lung = InstitutionFactory(committee=True)
        stories.deciding(at=at, name="学生二", member_type="student", institutions=[lung])

        assert names_in(list_of(reviewer, type="student")) == ["学生"]
        assert names_in(list_of(institution_reviewer(lung), "rows", type="student")) == ["学生二"]
        assert names_in(list_of(institution_reviewer(lung), "rows", type="professional")) == []

    @pytest.mark.parametrize(
        ("due", "found"),
        [("over", ["超期者"]), ("today", ["今天者"]), ("three", ["今天者"]), ("week", ["今天者"]), ("later", ["后来者"])],
    )
    def test_a_deadline_shows_what_is_due_then(self, reviewer, clock, at, due, found):
        clock.now = at + timedelta(days=10)
        stories.checking(at=at, name="超期者")  # due 2026-03-24
        stories.checking(at=at + timedelta(days=3), name="今天者")  # due 2026-03-27, a Friday
        stories.checking(at=at + timedelta(days=10), name="后来者")  # due 2026-04-03

        assert names_in(list_of(reviewer, due=due)) == found

    def test_mine_and_nobodys(self, reviewer, clock, at):
        mine = stories.checking(at=at, name="我的")
        stories.checking(at=at, name="无人")
        assignments.claim(case=mine, reviewer=reviewer, at=at)

        assert names_in(list_of(reviewer, whose="mine")) == ["我的"]
        assert names_in(list_of(reviewer, whose="free")) == ["无人"]
        assert names_in(list_of(association_reviewer("另一人"), whose="mine")) == []

    def test_filters_and_a_search_narrow_together(self, reviewer, at):
        stories.checking(at=at, name="沈砚秋", member_type="student")
        stories.checking(at=at, name="沈燕秋")
        stories.checking(at=at, name="王砚", member_type="student")

        assert names_in(list_of(reviewer, q="沈", type="student")) == ["沈砚秋"]

    def test_a_filter_that_cannot_match_is_left_out(self, at):
        lung = InstitutionFactory(committee=True)
        stories.deciding(at=at, name="待审者", institutions=[lung])
        one = list_of(institution_reviewer(lung), "rows").context["queue"]
        decided = list_of(institution_reviewer(lung), "rows", tab="decided").context["queue"]

        assert [field.name for field in one.filters] == ["type", "due", "whose"]
        assert [field.name for field in decided.filters] == ["status", "type"]

    def test_a_filter_that_a_tab_does_not_offer_hides_nothing(self, reviewer, at):
        stories.checking(at=at, name="待审者")

        assert names_in(list_of(reviewer, tab="all", due="later", whose="mine")) == ["待审者"]
        assert names_in(list_of(reviewer, status="returned")) == ["待审者"]

    @pytest.mark.parametrize(
        "parameters",
        [
            {"status": "zzz"},
            {"institution": "x"},
            {"institution": "9" * 30},
            {"type": "'"},
            {"due": "\x00"},
            {"whose": "everybody"},
            {"column": "password"},
            {"view": "-1"},
        ],
    )
    def test_a_value_that_means_nothing_hides_nothing(self, reviewer, at, parameters):  # field case 33
        stories.checking(at=at, name="待审者")

        assert names_in(list_of(reviewer, **parameters)) == ["待审者"]

    def test_an_institution_reviewers_filter_reaches_no_other_institution(self, at):  # REV-4
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        stories.deciding(at=at, name="肝癌申请", institutions=[liver])
        of_two = institution_reviewer(lung, InstitutionFactory(committee=True))

        response = list_of(of_two, "rows", institution=str(liver.pk))

        assert names_in(response) == []
        assert liver.name not in response.content.decode()

    def test_an_empty_list_says_which_filter_hides_what_is_there(self, reviewer, at):
        stories.checking(at=at, name="待审者")

        page = list_of(reviewer, type="student")

        assert "没有符合「会员类型：学生会员」的申请" in page.content.decode()
        assert "清除筛选" in page.content.decode()
        assert page.context["queue"].clear_url == reverse("review_enrolments_modeladmin_index")

    def test_each_filter_goes_off_by_itself(self, reviewer, at):
        chips = list_of(reviewer, q="沈", type="student", due="over").context["queue"].chips

        assert [chip.label for chip in chips] == ["查找：沈", "会员类型：学生会员", "期限：超期"]
        assert [("q=" in chip.url, "type=" in chip.url, "due=" in chip.url) for chip in chips] == [
            (False, True, True),
            (True, False, True),
            (True, True, False),
        ]

    def test_pages_keep_every_filter(self, reviewer, at, monkeypatch):
        monkeypatch.setattr(queue, "PAGE_SIZE", 1)
        for name in ("沈砚秋", "沈燕秋", "沈秋"):
            stories.checking(at=at, name=name)
        asked, names = {"q": "沈", "due": "later"}, []

        while asked:
            page = list_of(reviewer, **asked)
            names += names_in(page)
            next_url = page.context["queue"].next_url
            asked = dict(parse_qsl(next_url.partition("?")[2]))

        assert sorted(names) == ["沈燕秋", "沈砚秋", "沈秋"]


class TestClaimInTheList:  # REV-9
    def test_a_case_is_taken_on_and_let_go_without_opening_it(self, reviewer, clock, at):
        application = stories.checking(at=at, name="沈砚秋")
        [line] = list_of(reviewer).context["queue"].lines
        assert line.claim_url == url_of(application, "claim")

        answer = client_of(reviewer).post(line.claim_url, {"to": "list"})

        assert answer.status_code == 302 and answer.url == reverse("review_enrolments_modeladmin_index")
        [line] = list_of(reviewer).context["queue"].lines
        assert (line.is_mine, line.release_url) == (True, url_of(application, "release"))
        [theirs] = list_of(association_reviewer("另一人")).context["queue"].lines
        assert (theirs.holder, theirs.claim_url, theirs.release_url) == ("唐老师", "", "")


class TestProvisionalDates:  # REV-1
    def test_a_date_of_a_year_nobody_knows_yet_says_so(self, reviewer, clock, at):
        clock.now = at.replace(year=2029)
        stories.checking(at=clock.now, name="远期")

        assert "暂按周一至周五" in list_of(reviewer).content.decode()

    def test_one_of_a_known_year_does_not(self, reviewer, at):
        stories.checking(at=at, name="今年")

        assert "暂按周一至周五" not in list_of(reviewer).content.decode()


class TestOwnViews:  # REV-12
    def save(self, reviewer, name, query="", desk="enrolments"):
        return client_of(reviewer).post(reverse(f"review_{desk}_modeladmin_view_save"), {"name": name, "list": query}, follow=True)

    def test_a_list_is_kept_under_a_name_with_its_filters_and_columns(self, reviewer, at):
        stories.checking(at=at, name="学生", member_type="student")
        stories.checking(at=at, name="专业")

        page = self.save(reviewer, "学生待审", "type=student&column=due&column=status")

        assert names_in(page) == ["学生"]
        assert page.context["queue"].shown == {"due": True, "status": True}
        assert [(view.name, view.is_current) for view in page.context["queue"].saved.views] == [("学生待审", True)]
        assert "我的视图：" in page.content.decode()

    def test_it_is_renamed_brought_up_to_date_and_deleted(self, reviewer, at):
        self.save(reviewer, "甲", "type=student")
        view = SavedView.objects.get()
        client = client_of(reviewer)

        client.post(reverse("review_enrolments_modeladmin_view_rename", args=[view.pk]), {"name": "乙"})
        self.save(reviewer, "乙", "type=ordinary")
        assert list(SavedView.objects.values_list("name", "query")) == [("乙", "type=ordinary")]
        client.post(reverse("review_enrolments_modeladmin_view_delete", args=[view.pk]))

        assert not SavedView.objects.exists()

    @pytest.mark.parametrize(("name", "says"), [("", "请填写"), ("  ", "请填写"), ("长" * 21, "最多 20 个字")])
    def test_a_name_that_is_none_is_refused_in_words(self, reviewer, at, name, says):
        assert says in self.save(reviewer, name).content.decode()
        assert not SavedView.objects.exists()

    def test_no_more_than_twelve(self, reviewer, at):
        for number in range(saved_views.MOST):
            self.save(reviewer, f"视图{number}")

        assert "最多保存 12 个视图" in self.save(reviewer, "第十三").content.decode()

    def test_another_name_that_is_taken_is_refused(self, reviewer, at):
        self.save(reviewer, "甲")
        self.save(reviewer, "乙")
        second = SavedView.objects.get(name="乙")

        page = client_of(reviewer).post(reverse("review_enrolments_modeladmin_view_rename", args=[second.pk]), {"name": "甲"}, follow=True)

        assert "已有名为「甲」的视图" in page.content.decode()

    def test_nobody_sees_or_touches_anothers(self, reviewer, at):
        self.save(reviewer, "甲")
        view = SavedView.objects.get()
        other = association_reviewer("另一人")

        assert list_of(other).context["queue"].saved.views == []
        for action in ("view_rename", "view_delete"):
            assert (
                client_of(other).post(reverse(f"review_enrolments_modeladmin_{action}", args=[view.pk]), {"name": "乙"}).status_code == 404
            )
        assert SavedView.objects.get().name == "甲"

    @pytest.mark.parametrize("action", ["view_save", "view_rename", "view_delete"])
    def test_who_has_no_seat_at_the_desk_has_no_views_of_it(self, reviewer, at, action):
        self.save(reviewer, "甲")
        arguments = [] if action == "view_save" else [SavedView.objects.get().pk]
        outsider = institution_reviewer(InstitutionFactory(committee=True))

        assert (
            client_of(outsider).post(reverse(f"review_enrolments_modeladmin_{action}", args=arguments), {"name": "乙"}).status_code == 404
        )
        assert SavedView.objects.get().name == "甲"


class TestAsked:
    def test_its_url_means_the_same(self):
        asked = Asked(tab="all", query="沈", status="returned", institution=3, member_type="student", columns=("due",), view=4)

        assert Asked.of(QueryDict(asked.url("").removeprefix("?"))) == asked
