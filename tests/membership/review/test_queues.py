"""The lists of cases that wait, were decided, or are there at all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from membership import working_days
from membership.domain import deadlines, enrolment, rows
from membership.models import Application
from membership.review import counts, queue
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, association_reviewer, committee_member, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory
from tests.membership.review.pages import list_of, names_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return association_reviewer()


class TestListOfFiles:  # REV-1, K-2, K-5
    def test_the_oldest_deadline_comes_first(self, reviewer, at):
        stories.checking(at=at, name="后来")
        stories.checking(at=at - timedelta(days=2), name="先到")

        assert names_in(list_of(reviewer)) == ["先到", "后来"]

    def test_a_line_says_type_institutions_number_and_what_is_left(self, reviewer, at):
        institutions = [InstitutionFactory(committee=True, name=name) for name in ("肺癌专业委员会", "肝癌专业委员会", "胃癌专业委员会")]
        application = stories.checking(at=at, institutions=institutions)

        [line] = list_of(reviewer).context["queue"].lines

        assert (line.member_type, line.institution) == ("专业会员", "肺癌专业委员会 等 3 个")
        assert (line.number, line.arrived_on) == (application.number, "2026-03-17")
        assert (line.status.word, line.due.note) == ("协会审核", "还有 5 个工作日")

    def test_what_is_overdue_says_so_in_a_word(self, reviewer, clock, at):
        stories.checking(at=at)
        clock.now = at + timedelta(days=10)

        response = list_of(reviewer)

        assert "超期 3 个工作日" in response.content.decode()
        assert response.context["queue"].summary == "1 份待审，其中 1 份超期"

    def test_a_second_round_is_marked(self, reviewer, at):
        application = stories.checking(at=at)
        stories.refuse_file(application, at=at, waives_stamp=True)
        person = application.member.user
        enrolment.save_draft(application=application, person=person, answers={"remarks": "已补充"}, at=at)
        enrolment.submit(application=application, person=person, consents_given=stories.CONSENTS, at=at)

        assert "第 2 轮" in list_of(reviewer).content.decode()

    def test_an_empty_list_says_what_will_appear(self, reviewer):
        assert "没有待审的申请" in list_of(reviewer).content.decode()

    def test_tabs_hold_what_waits_what_was_decided_and_all(self, reviewer, at):
        stories.checking(at=at, name="待审者")
        stories.deciding(at=at, name="转交者")
        stories.returned(at=at, name="退回者")
        stories.submitted(at=at, name="未交表者")

        assert names_in(list_of(reviewer)) == ["待审者"]
        assert set(names_in(list_of(reviewer, tab="decided"))) == {"转交者", "退回者"}
        assert set(names_in(list_of(reviewer, tab="all"))) == {"待审者", "转交者", "退回者", "未交表者"}

    def test_drafts_are_on_no_list(self, reviewer, at):
        stories.draft(at=at, name="草稿者")
        recalled = stories.submitted(at=at, name="撤回者")
        enrolment.recall(application=recalled, person=recalled.member.user, at=at)

        assert names_in(list_of(reviewer, tab="all")) == []

    def test_a_file_on_hold_waits_for_nobody_here_and_is_still_seen(self, reviewer, at):  # M-16
        application = stories.checking(at=at, name="冻结者")
        Application.objects.filter(pk=application.pk).update(hold="frozen")

        assert names_in(list_of(reviewer)) == []
        assert "已冻结" in list_of(reviewer, tab="all").content.decode()

    def test_the_own_case_and_that_of_a_person_one_endorsed_are_absent(self, reviewer, at):  # S-6
        stories.checking(at=at, name="本人", user=reviewer)
        seat = committee_member()
        seat.member.user.groups.set(reviewer.groups.all())
        stories.checking(at=at, name="被推荐者", referral=stories.referred_by(seat))

        assert names_in(list_of(reviewer, tab="all")) == ["被推荐者"]
        assert names_in(list_of(seat.member.user, tab="all")) == ["本人"]


class TestListOfRows:  # REV-3, REV-4, K-6, K-7
    def test_an_institution_sees_its_own_rows_once_the_association_approved(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        of_lung = institution_reviewer(lung)
        institution_reviewer(liver)
        stories.deciding(at=at, name="两处申请", institutions=[lung, liver])
        stories.deciding(at=at, name="肝癌申请", institutions=[liver])
        stories.checking(at=at, name="还在协会", institutions=[lung])

        response = list_of(of_lung, "rows", tab="all")

        assert names_in(response) == ["两处申请"]
        assert liver.name not in response.content.decode()

    def test_a_row_withdrawn_before_it_arrived_never_shows(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        application = stories.checking(at=at, institutions=[lung, liver])
        rows.withdraw_row(row=application.rows.get(institution=lung), person=application.member.user, at=at)
        stories.approve_file(application, at=at)

        assert names_in(list_of(institution_reviewer(lung), "rows", tab="all")) == []

    def test_rows_of_an_institution_without_reviewers_stand_with_the_association(self, reviewer, at):
        stories.deciding(at=at, name="无人审核")

        assert names_in(list_of(reviewer, "rows")) == ["无人审核"]

    def test_a_row_long_overdue_stands_with_the_association_too(self, reviewer, clock, at):
        lung = InstitutionFactory(committee=True)
        institution_reviewer(lung)
        application = stories.deciding(at=at, name="久未审核", institutions=[lung])
        due = application.rows.get().due_on
        first_day = working_days.add(due, 5, deadlines.calendar())
        clock.now = at + (first_day - at.date()) - timedelta(days=1)
        assert names_in(list_of(reviewer, "rows")) == []

        clock.now += timedelta(days=1)

        assert names_in(list_of(reviewer, "rows")) == ["久未审核"]

    def test_a_decided_row_moves_to_the_other_tab(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        of_lung = institution_reviewer(lung)
        application = stories.deciding(at=at, name="已审者", institutions=[lung, liver])
        stories.refuse_row(application.rows.get(institution=lung), at=at, reviewer=of_lung)

        assert names_in(list_of(of_lung, "rows")) == []
        assert names_in(list_of(of_lung, "rows", tab="decided")) == ["已审者"]


class TestSearch:  # REV-1, S-3
    @pytest.fixture
    def cases(self, at):
        user = UserFactory(phone="+8618800000417")
        stories.checking(at=at, name="沈砚秋", user=user)
        return stories.checking(at=at, name="阿依古丽·买买提"), user.member.applications.get()

    @pytest.mark.parametrize(
        ("term", "found"),
        [
            ("沈", ["沈砚秋"]),
            ("沈砚秋", ["沈砚秋"]),
            ("shenyan", ["沈砚秋"]),
            ("SYQ", ["沈砚秋"]),
            ("syq", ["沈砚秋"]),
            ("阿依古丽·买", ["阿依古丽·买买提"]),
            ("阿依古丽•买买提", ["阿依古丽·买买提"]),
            ("阿依古丽买买提", ["阿依古丽·买买提"]),
            ("砚秋", ["沈砚秋"]),
            ("秋", ["沈砚秋"]),
            ("买买提", ["阿依古丽·买买提"]),
            ("maimaiti", ["阿依古丽·买买提"]),
            ("沈秋", []),
            ("0417", ["沈砚秋"]),
            ("18800000417", ["沈砚秋"]),
            ("%", []),
            ("_", []),
        ],
    )
    def test_names_spellings_and_phones_find_the_case(self, reviewer, cases, term, found):
        assert names_in(list_of(reviewer, q=term)) == found

    def test_the_number_of_the_application_finds_it(self, reviewer, cases):
        assert names_in(list_of(reviewer, q=cases[1].number)) == ["沈砚秋"]

    def test_the_whole_number_of_the_document_finds_it_and_a_part_does_not(self, reviewer, cases):
        number = cases[1].proposed_dossier.document_number

        assert names_in(list_of(reviewer, q=number)) == ["沈砚秋"]
        assert names_in(list_of(reviewer, q=number.lower())) == ["沈砚秋"]
        assert names_in(list_of(reviewer, q=number[:12])) == []

    def test_a_passport_is_found_without_naming_its_country(self, reviewer, at):
        stories.checking(
            at=at, name="Anne-Marie O'Neill", document_kind="passport", document_number="PA1234567", issuing_country="IE", nationality="IE"
        )

        assert names_in(list_of(reviewer, q="PA1234567")) == ["Anne-Marie O'Neill"]
        assert names_in(list_of(reviewer, q="anne")) == ["Anne-Marie O'Neill"]

    @pytest.mark.parametrize("what", ["phone", "document"])
    def test_an_institution_finds_nobody_by_what_identifies_or_reaches_them(self, at, what):
        lung = InstitutionFactory(committee=True)
        of_lung = institution_reviewer(lung)
        application = stories.deciding(at=at, name="沈砚秋", institutions=[lung], user=UserFactory(phone="+8618800000417"))
        terms = {"phone": "0417", "document": application.proposed_dossier.document_number}

        for known in ("shen", "ｓｈｅｎ", application.number, application.number.partition("-")[2]):
            assert names_in(list_of(of_lung, "rows", q=known)) == ["沈砚秋"], known
            assert names_in(list_of(institution_reviewer(InstitutionFactory(committee=True)), "rows", q=known)) == []
        assert names_in(list_of(of_lung, "rows", q=terms[what])) == []

    @pytest.mark.parametrize("typed", ["188 0000 0417", "+86 188 0000 0417", "１８８００００ ０４１７", "0000 0417"])
    def test_a_telephone_is_found_as_it_is_printed_or_typed(self, reviewer, at, typed):
        stories.checking(at=at, name="沈砚秋", user=UserFactory(phone="+8618800000417"))

        assert names_in(list_of(reviewer, q=typed)) == ["沈砚秋"]

    def test_a_number_without_its_year_is_found_too(self, reviewer, at):
        application = stories.checking(at=at, name="沈砚秋")

        assert names_in(list_of(reviewer, q=application.number.partition("-")[2])) == ["沈砚秋"]

    def test_a_search_keeps_its_tab(self, reviewer, cases):
        stories.approve_file(cases[1], at=cases[1].created_at)

        response = list_of(reviewer, q="syq", tab="decided")

        assert names_in(response) == ["沈砚秋"]
        assert [tab.url for tab in response.context["queue"].tabs][0].endswith("?q=syq")


class TestPages:  # Speed
    @pytest.fixture
    def five(self, at, monkeypatch):
        monkeypatch.setattr(queue, "PAGE_SIZE", 2)
        for day, name in enumerate(("甲一", "乙二", "丙三", "丁四", "戊五")):
            stories.checking(at=at - timedelta(days=day), name=name)

    def walked(self, reviewer, tab, direction, start=""):
        """Follow the link of one direction to its end and return the names of each page."""
        client_url, pages = start, []
        while True:
            response = list_of(
                reviewer, **dict(pair.split("=") for pair in client_url.partition("?")[2].split("&") if pair) or {"tab": tab}
            )
            pages.append(names_in(response))
            client_url = getattr(response.context["queue"], f"{direction}_url")
            if not client_url:
                return pages, response

    @pytest.mark.parametrize("tab", ["waiting", "all"])
    def test_pages_follow_one_another_there_and_back_without_loss_or_double(self, reviewer, five, tab):
        forwards, last = self.walked(reviewer, tab, "next")
        everybody = [name for page in forwards for name in page]

        backwards, _ = self.walked(reviewer, tab, "previous", start=last.context["queue"].previous_url)

        assert len(everybody) == len(set(everybody)) == 5
        assert [len(page) for page in forwards] == [2, 2, 1]
        assert [name for page in reversed(backwards) for name in page] == everybody[:4]

    def test_no_list_counts_everything_or_skips_rows(self, reviewer, five):
        with CaptureQueriesContext(connection) as captured:
            list_of(reviewer, tab="all")
            list_of(reviewer, tab="waiting", q="d")

        sql = [query["sql"] for query in captured]
        assert not [one for one in sql if "COUNT(" in one.upper()]
        assert not [one for one in sql if "OFFSET" in one.upper()]

    def test_a_long_list_costs_no_more_queries_than_a_short_one(self, reviewer, five, monkeypatch):
        # What the menu says of other lists is kept for a moment.
        list_of(reviewer)
        with CaptureQueriesContext(connection) as short:
            list_of(reviewer)
        monkeypatch.setattr(queue, "PAGE_SIZE", 50)
        with CaptureQueriesContext(connection) as long:
            list_of(reviewer)

        assert len(long) == len(short)

    def test_what_waits_is_counted_as_far_as_anybody_reads(self, reviewer, five, monkeypatch):
        monkeypatch.setattr(counts, "MOST", 3)

        assert list_of(reviewer).context["queue"].summary.startswith("3+ 份待审")

    @pytest.mark.parametrize(
        "parameters",
        [
            {"p": "999999"},
            {"p": "x"},
            {"o": "99"},
            {"q": "\x00"},
            {"q": "\ud7ff\ue000"},
            {"q": "王" * 300},
            {"tab": "zzz"},
            {"after": "x"},
            {"after": "2026-02-30.1"},
            {"after": "2026-03-20." + "9" * 18},
            {"after": "9" * 400},
            {"before": "2026-03-20"},
            {"tab": "all", "after": "2026-03-20.1"},
            {"status__exact": "zzz"},
            {"member__user__password__startswith": "p"},
            {"export": "csv"},
            {"export": "xlsx"},
            {"e": "1"},
        ],
    )
    def test_a_parameter_that_means_nothing_shows_a_list(self, reviewer, five, parameters):  # field case 33
        response = list_of(reviewer, **parameters)

        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/html")


class TestFirstPageAndMenu:  # REV-1
    def test_each_reviewer_reads_what_waits_and_where(self, reviewer, at):
        lung = InstitutionFactory(committee=True)
        of_lung = institution_reviewer(lung)
        stories.checking(at=at)
        stories.deciding(at=at, institutions=[lung])

        theirs = client_of(reviewer).get("/admin/").content.decode()
        institutions = client_of(of_lung).get("/admin/").content.decode()

        assert "待审核 1 份" in theirs and "/admin/review/enrolments/" in theirs
        assert "待审核 1 份" in institutions and "/admin/review/enrolments/" not in institutions
        assert "data-waiting" in theirs

    def test_nothing_of_the_admin_leads_to_another_host(self, reviewer):
        page = client_of(reviewer).get("/admin/").content.decode()

        assert "wagtail.org" not in page

    @pytest.mark.parametrize("role", ["administrator", "editor", "support"])
    def test_who_reviews_nothing_reads_nothing_of_it(self, at, reviewer, role):
        stories.checking(at=at)

        page = client_of(staff(role)).get("/admin/").content.decode()

        assert "待审核" not in page and "/admin/review/" not in page
