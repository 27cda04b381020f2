"""Many cases in one go on the review's pages: choosing on the list, confirming, watching (REV-6)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from membership import rules
from membership.domain import assignments, bulk_decisions, further_enrolment
from membership.domain.bulk_choice import ON_BEHALF
from membership.domain.further_enrolment import Choice
from membership.enums import ApplicationState, BulkItemState, BulkState, RowState, Verdict
from membership.models import Application, ApplicationInstitution, BulkItem, BulkRun, Decision, Member, StampedForm
from membership.review import bulk_tasks, desks, list_acts
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, association_reviewer, institution_reviewer, staff
from tests.factories.reference import DivisionFactory, InstitutionFactory, ReviewReasonFactory
from tests.membership.review.pages import list_of

pytestmark = pytest.mark.django_db

FILES, ROWS = "review_enrolments_modeladmin", "review_rows_modeladmin"


@pytest.fixture
def reviewer():
    return association_reviewer()


def marks(reviewer, desk="enrolments", **parameters) -> list[str]:
    """Return the marks of the boxes on a list."""
    return [line.mark for line in list_of(reviewer, desk, **parameters).context["queue"].lines]


def choose(reviewer, cases=(), *, desk=FILES, verdict="approved", scope="ticked", query="") -> HttpResponse:
    """Press a button of the bar over a list."""
    form = {"case": list(cases), "verdict": verdict, "scope": scope, "list": query}
    return client_of(reviewer).post(reverse(f"{desk}_bulk"), form, follow=True)


def start(reviewer, run, *, desk=FILES, **fields) -> HttpResponse:
    return client_of(reviewer).post(reverse(f"{desk}_bulk_start", args=[run.pk]), fields, follow=True)


def states() -> set[str]:
    return set(Application.objects.values_list("state", flat=True))


class TestBar:  # REV-6
    def test_each_waiting_case_has_a_box_that_says_what_the_list_shows(self, reviewer, at):
        file = stories.checking(at=at)

        page = list_of(reviewer).content.decode()

        assert f'name="case" value="{file.pk}.1.{file.proposed_dossier_id}" form="bulk"' in page
        assert '全部 <span class="num">1 份</span>' in page

    def test_a_further_enrolment_rests_on_the_members_present_dossier(self, at):
        held, asked = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        member = Member.objects.get(pk=stories.approved(at=at, institutions=[held]).member_id)
        further = further_enrolment.submit(person=member.user, choice=Choice((asked,), {}), is_still_true=True, at=at)

        [mark] = marks(institution_reviewer(asked), "rows")

        assert mark == f"{further.rows.get().pk}.1.{member.current_dossier_id}"

    @pytest.mark.parametrize("tab", ["decided", "all"])
    def test_other_tabs_have_no_bar(self, reviewer, at, tab):
        stories.checking(at=at)

        page = list_of(reviewer, tab=tab)

        assert page.context["bulk"] is None and "data-bulk" not in page.content.decode().replace("bulk-select", "")

    @pytest.mark.parametrize("desk", [desks.ACTIVATIONS, desks.CHANGES, desks.UPGRADES])
    def test_where_key_data_may_change_nothing_is_decided_in_one_go(self, desk):  # REV-8
        with pytest.raises(NoReverseMatch):
            reverse(f"{desk.url_prefix}_bulk")

    def test_a_list_longer_than_a_run_says_how_many_one_run_takes(self, reviewer, at, monkeypatch):
        monkeypatch.setattr(list_acts, "MOST", 2)
        for _ in range(3):
            stories.checking(at=at)

        assert '（一次至多 <span class="num">2</span> 份，先到期的在前）' in list_of(reviewer).content.decode()

    def test_a_count_stops_where_nobody_reads_it_any_more(self):
        assert list_acts.ListCount(200).text == "200 份"
        assert list_acts.ListCount(201).text == "200+ 份"


class TestChoosing:  # REV-6, D-4
    def test_what_was_ticked_is_named_and_nothing_is_decided(self, reviewer, at):
        stories.checking(at=at, name="甲一"), stories.checking(at=at, name="乙一"), stories.checking(at=at, name="丙一")

        page = choose(reviewer, marks(reviewer)[:2]).content.decode()

        assert '审批通过：选中的 <span class="num">2</span> 份申请' in page
        assert "甲一" in page and "乙一" in page and "丙一" not in page
        assert "审批通过这 2 份" in page
        assert states() == {ApplicationState.CHECKING}

    def test_the_whole_list_is_the_filtered_one_and_stays_as_it_was_shown(self, reviewer, at):
        stories.checking(at=at, name="王一"), stories.checking(at=at, name="王二"), stories.checking(at=at, name="李三")

        page = choose(reviewer, scope="all", query="q=王")
        later = stories.checking(at=at, name="王四")
        run = BulkRun.objects.get()

        assert '列表中的全部 <span class="num">2</span> 份申请' in page.content.decode()
        assert run.items.count() == 2 and not run.items.filter(application=later).exists()

    def test_the_whole_of_a_tab_that_does_not_wait_is_what_waits(self, reviewer, at):
        stories.checking(at=at), stories.deciding(at=at)

        choose(reviewer, scope="all", query="tab=all")

        assert BulkItem.objects.count() == 1

    def test_a_tab_that_waited_names_who_decided_meanwhile(self, reviewer, at):
        file = stories.checking(at=at, name="甲一")
        stories.checking(at=at, name="乙一")
        shown = marks(reviewer)
        stories.approve_file(file, at=at, reviewer=association_reviewer("罗老师"))

        page = choose(reviewer, shown).content.decode()

        assert '选中的 <span class="num">1</span> 份' in page
        assert "罗老师 已于 2026-03-17 10:00 作出决定：审批通过。" in page

    def test_a_tab_that_waited_does_not_decide_what_came_back_changed(self, reviewer, at):
        file = stories.checking(at=at)
        [mark] = marks(reviewer)
        Application.objects.filter(pk=file.pk).update(round=2)

        page = choose(reviewer, [mark]).content.decode()

        assert "资料已更新，请重新查看。" in page and "没有可以批量审核的申请" in page

    def test_the_association_is_told_what_it_decides_singly_in_an_institutions_place(self, reviewer, clock, at):
        lung = InstitutionFactory(committee=True)
        institution_reviewer(lung)
        stories.deciding(at=at, institutions=[lung])
        clock.now = at + timedelta(days=60)

        page = choose(reviewer, marks(reviewer, "rows"), desk=ROWS).content.decode()

        assert ON_BEHALF in page and "审批通过这" not in page

    def test_a_warning_is_named_before_an_approval_and_not_before_a_refusal(self, reviewer, at):
        DivisionFactory(code="120103", name="河西区", in_identity_numbers=True)
        file = stories.checking(at=at, name="甲一")
        stories.checking(at=at, name="乙一")
        StampedForm.objects.filter(application=file).update(findings={"seal": False})

        approving, refusing = choose(reviewer, marks(reviewer)), choose(reviewer, marks(reviewer), verdict="refused")

        assert "没有找到红色印章" in approving.content.decode()
        assert '其中 <span class="num">1</span> 份有提示' in approving.content.decode()
        assert "只通过没有提示的 1 份" in approving.content.decode()
        assert "有提示" not in refusing.content.decode()

    @pytest.mark.parametrize(
        "case", ["", "1", "1.1", "1.1.1.1", "-1.1.1", "1.0x1.1", "999999.1.1", "9" * 30, "1.1.1\x00", "１.1.1", "<script>"]
    )
    def test_what_is_no_mark_or_nobodys_is_nothing_chosen(self, reviewer, at, case):
        page = choose(reviewer, [case])

        assert "没有选中任何待审的申请" in page.content.decode()
        assert not BulkRun.objects.exists()

    @pytest.mark.parametrize("verdict", ["", "not_accepted", "approve", "x" * 500])
    def test_a_button_that_is_not_there_does_nothing(self, reviewer, at, verdict):
        stories.checking(at=at)

        choose(reviewer, marks(reviewer), verdict=verdict)

        assert not BulkRun.objects.exists()

    def test_a_mark_with_another_persons_dossier_is_left_out(self, reviewer, at):
        decided, other = stories.deciding(at=at), stories.checking(at=at)

        choose(reviewer, [f"{decided.pk}.1.{other.proposed_dossier_id}"])

        assert not BulkRun.objects.exists()

    def test_what_nobody_could_approve_is_left_out_beforehand(self, reviewer, at):  # E-2
        stories.checking(at=at, name="王一")
        bare = stories.checking(at=at, name="李二")
        Application.objects.filter(pk=bare.pk).update(basis=[])

        choose(reviewer, marks(reviewer))

        assert {item.application.member.name: item.state for item in BulkItem.objects.all()} == {
            "王一": BulkItemState.WAITING,
            "李二": BulkItemState.SKIPPED,
        }

    @pytest.mark.parametrize("verdict", ["approved", "refused"])
    def test_what_a_colleague_took_on_is_named(self, reviewer, at, verdict):  # REV-9
        assignments.claim(case=stories.checking(at=at), reviewer=association_reviewer("唐老师"), at=at)

        choose(reviewer, marks(reviewer), verdict=verdict)

        assert BulkItem.objects.get().warnings[0] == "唐老师 已领取"


class TestScope:  # REV-4, S-6: ids of others, put in by hand
    def test_ids_of_another_institution_are_left_out_without_a_word_of_them(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        own = stories.deciding(at=at, name="甲一", institutions=[lung]).rows.get()
        theirs = stories.deciding(at=at, name="端木知行", institutions=[liver]).rows.get()
        reviewer = institution_reviewer(lung)
        foreign = f"{theirs.pk}.1.{theirs.application.proposed_dossier_id}"

        page = choose(reviewer, [*marks(reviewer, "rows"), foreign], desk=ROWS).content.decode()

        assert [item.row_id for item in BulkItem.objects.all()] == [own.pk]
        assert '另有 <span class="num">1</span> 份不在您的名单中' in page
        assert "端木知行" not in page and theirs.application.number not in page

    def test_an_own_case_is_in_no_choice(self, at):
        applicant = association_reviewer()
        own = stories.checking(at=at, user=applicant, name="本人")
        stories.checking(at=at, name="乙一")

        choose(applicant, [f"{own.pk}.1.{own.proposed_dossier_id}", *marks(applicant)])
        choose(applicant, scope="all")

        assert not BulkItem.objects.filter(application=own).exists()
        assert BulkItem.objects.count() == 2

    def test_anothers_run_is_not_there(self, reviewer, at):
        stories.checking(at=at)
        choose(reviewer, marks(reviewer))
        run, colleague = BulkRun.objects.get(), client_of(association_reviewer())

        assert colleague.get(reverse(f"{FILES}_bulk_run", args=[run.pk])).status_code == 404
        assert colleague.post(reverse(f"{FILES}_bulk_start", args=[run.pk])).status_code == 404
        assert colleague.post(reverse(f"{FILES}_bulk_resume", args=[run.pk])).status_code == 404
        # Nor is it at the other desk.
        assert client_of(reviewer).get(reverse(f"{ROWS}_bulk_run", args=[run.pk])).status_code == 404

    def test_who_may_not_open_a_case_any_more_reads_its_number_alone(self, at):
        lung = InstitutionFactory(committee=True)
        stories.deciding(at=at, name="欧阳若兰", institutions=[lung])
        reviewer = institution_reviewer(lung, InstitutionFactory())
        choose(reviewer, marks(reviewer, "rows"), desk=ROWS)
        reviewer.reviewed_institutions.filter(institution=lung).delete()

        page = client_of(reviewer).get(reverse(f"{ROWS}_bulk_run", args=[BulkRun.objects.get().pk])).content.decode()

        assert "欧阳若兰" not in page


class TestStarting:  # REV-6, REV-5
    def test_confirmed_it_is_carried_out_and_the_page_tells_what_became_of_each(self, reviewer, at, django_capture_on_commit_callbacks):
        stories.checking(at=at, name="甲一"), stories.checking(at=at, name="乙一")
        choose(reviewer, marks(reviewer))
        run = BulkRun.objects.get()

        with django_capture_on_commit_callbacks(execute=True):
            start(reviewer, run)
        page = client_of(reviewer).get(reverse(f"{FILES}_bulk_run", args=[run.pk])).content.decode()

        assert states() == {ApplicationState.DECIDING}
        assert "批量审批通过，已完成" in page and "甲一" in page and "乙一" in page

    def test_a_double_tap_decides_each_once(self, reviewer, at, django_capture_on_commit_callbacks):
        stories.checking(at=at)
        choose(reviewer, marks(reviewer))
        run = BulkRun.objects.get()

        with django_capture_on_commit_callbacks(execute=True):
            answers = [start(reviewer, run), start(reviewer, run)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert Decision.objects.count() == 1

    def test_a_refusal_needs_a_reason_and_comes_back_as_it_was(self, reviewer, at):
        stories.checking(at=at)
        choose(reviewer, marks(reviewer), verdict="refused")

        page = start(reviewer, BulkRun.objects.get())

        assert "请选择或填写审批不通过的原因" in page.content.decode()
        assert BulkRun.objects.get().state == BulkState.PREPARED

    def test_reasons_of_the_list_and_words_reach_every_applicant(self, reviewer, at, django_capture_on_commit_callbacks):
        reason = ReviewReasonFactory(text="盖章不清晰")
        stories.checking(at=at), stories.checking(at=at)
        choose(reviewer, marks(reviewer), verdict="refused")

        with django_capture_on_commit_callbacks(execute=True):
            start(reviewer, BulkRun.objects.get(), reasons=[reason.pk], reason="请重新扫描")

        assert set(Decision.objects.values_list("reason", flat=True)) == {"盖章不清晰；请重新扫描"}

    @pytest.mark.parametrize("fields", [{"reasons": ["999999"]}, {"reasons": ["x"]}, {"reason": "长" * 1001}])
    def test_what_is_no_reason_starts_nothing(self, reviewer, at, fields):
        stories.checking(at=at)
        choose(reviewer, marks(reviewer), verdict="refused")

        start(reviewer, BulkRun.objects.get(), **fields)

        assert BulkRun.objects.get().state == BulkState.PREPARED

    def test_an_institution_decides_its_own_rows(self, at, django_capture_on_commit_callbacks):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        stories.deciding(at=at, institutions=[lung, liver]), stories.deciding(at=at, institutions=[lung])
        reviewer = institution_reviewer(lung)

        choose(reviewer, scope="all", desk=ROWS)
        with django_capture_on_commit_callbacks(execute=True):
            start(reviewer, BulkRun.objects.get(), desk=ROWS)

        assert set(ApplicationInstitution.objects.filter(institution=lung).values_list("state", flat=True)) == {RowState.APPROVED}
        assert ApplicationInstitution.objects.get(institution=liver).state == RowState.PENDING


class TestUnderWay:  # REV-6
    def under_way(self, reviewer, at) -> BulkRun:
        stories.checking(at=at), stories.checking(at=at)
        choose(reviewer, marks(reviewer))
        run = BulkRun.objects.get()
        start(reviewer, run)
        bulk_decisions.decide_next(run_id=run.pk, at=at)
        return run

    def test_the_page_tells_how_far_it_is_and_fetches_itself_without_script(self, reviewer, at):
        run = self.under_way(reviewer, at)

        page = client_of(reviewer).get(reverse(f"{FILES}_bulk_run", args=[run.pk])).content.decode()

        assert '已处理 <b class="num">1</b> 份，共 <b class="num">2</b> 份' in page
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
        assert "data-progress-running" in page

    def test_one_that_stands_still_is_taken_up_by_hand(self, reviewer, at, clock, django_capture_on_commit_callbacks):
        run = self.under_way(reviewer, at)
        clock.now = at + timedelta(minutes=3)
        client = client_of(reviewer)

        assert "接着处理其余 1 份" in client.get(reverse(f"{FILES}_bulk_run", args=[run.pk])).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse(f"{FILES}_bulk_resume", args=[run.pk]))

        assert states() == {ApplicationState.DECIDING} and Decision.objects.count() == 2

    def test_one_that_stands_still_is_taken_up_by_the_sweeper(self, reviewer, at, clock):
        run = self.under_way(reviewer, at)

        assert bulk_tasks.sweep() == 0
        clock.now = at + timedelta(minutes=3)
        assert bulk_tasks.sweep() == 1

        assert BulkRun.objects.get(pk=run.pk).state == BulkState.DONE
        assert run.items.filter(state=BulkItemState.DONE).count() == 2

    def test_a_task_that_comes_twice_finds_nothing_to_do(self, reviewer, at):
        run = self.under_way(reviewer, at)

        assert [bulk_tasks.carry_out.func(run.pk), bulk_tasks.carry_out.func(run.pk)] == ["1 cases", "0 cases"]


# Who, and the answers: choosing on the files' list, on the rows' list.
WELCOME, NOBODY, NO_ROLE, LOGIN = 302, 404, 403, "login"
EXPECTED = {
    "visitor": (LOGIN, LOGIN),
    "account": (NO_ROLE, NO_ROLE),
    rules.INSTITUTION_REVIEWER: (NOBODY, WELCOME),
    rules.ASSOCIATION_REVIEWER: (WELCOME, WELCOME),
    rules.ADMINISTRATOR: (NOBODY, NOBODY),
    rules.EDITOR: (NOBODY, NOBODY),
    rules.SUPPORT: (NOBODY, NOBODY),
}


class TestEveryAddress:  # REV-4
    @pytest.mark.parametrize("who", EXPECTED)
    def test_each_gets_what_is_theirs(self, who, reviewer, at):
        stories.checking(at=at)
        choose(reviewer, marks(reviewer))
        run = BulkRun.objects.get()
        person = {"visitor": AnonymousUser, "account": UserFactory}.get(who, lambda: staff(who))()
        client = client_of(person) if person.is_authenticated else Client()

        for desk, expected in zip((FILES, ROWS), EXPECTED[who], strict=True):
            chosen = client.post(reverse(f"{desk}_bulk"))
            shape = LOGIN if "/accounts/login/" in chosen.headers.get("Location", "") else chosen.status_code
            assert shape == expected
            for action in ("bulk_run", "bulk_start", "bulk_resume"):
                address = reverse(f"{desk}_{action}", args=[run.pk])
                other = client.get(address) if action == "bulk_run" else client.post(address)
                if expected == WELCOME:
                    assert other.status_code == NOBODY
                else:
                    assert other.status_code == (302 if expected == LOGIN else expected)

    def test_acts_are_posted(self, reviewer, at):
        stories.checking(at=at)
        choose(reviewer, marks(reviewer))
        run, client = BulkRun.objects.get(), client_of(reviewer)

        assert client.get(reverse(f"{FILES}_bulk")).url == reverse(f"{FILES}_index")
        for act in ("start", "resume"):
            assert client.get(reverse(f"{FILES}_bulk_{act}", args=[run.pk])).url == reverse(f"{FILES}_bulk_run", args=[run.pk])
        assert run.verdict == Verdict.APPROVED
