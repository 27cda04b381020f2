"""Work on a case beside the decision, as reviewers do it on its screen: claims, notes, recusal, reports, who else looks, the way on."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from membership import rules
from membership.accounts import staff_idle
from membership.domain import assignments, notes, recusals, reports
from membership.models import Note, Recusal, ViolationReport
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import association_reviewer, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory
from tests.membership.review.pages import decide, list_of, names_in, screen_of, url_of

pytestmark = pytest.mark.django_db
TEXT = "资质证书编号查不到，疑似伪造"


@pytest.fixture(autouse=True)
def nobody_looks():
    cache.clear()


@pytest.fixture
def reviewer():
    return association_reviewer()


@pytest.fixture
def lung():
    return InstitutionFactory(committee=True, name="肺癌专业委员会")


@pytest.fixture
def of_lung(lung):
    return institution_reviewer(lung)


@pytest.fixture
def row(lung, of_lung, reviewer, at):
    return stories.deciding(at=at, institutions=[lung, InstitutionFactory(committee=True, name="肝癌专业委员会")]).rows.get(
        institution=lung
    )


def act(person, case, action, *, query="", **answers):
    return client_of(person).post(f"{url_of(case, action)}{query}", answers)


def text_of(response) -> str:
    return response.content.decode()


class TestClaims:  # REV-9
    def test_taken_on_and_let_go_from_the_screen(self, reviewer, at):
        file = stories.checking(at=at)
        assert "还没有人领取" in text_of(screen_of(reviewer, file))

        assert act(reviewer, file, "claim").headers["Location"] == url_of(file)
        assert screen_of(reviewer, file).context["screen"].work.claim.is_mine

        act(reviewer, file, "release")
        assert screen_of(reviewer, file).context["screen"].work.claim is None

    def test_a_colleagues_is_shown_and_taken_over_only_after_a_question(self, reviewer, at):
        file, colleague = stories.checking(at=at), association_reviewer("李老师")
        assignments.claim(case=file, reviewer=colleague, at=at)
        assert screen_of(reviewer, file).context["screen"].work.claim.who == "李老师"

        question = act(reviewer, file, "claim")
        file.refresh_from_db()
        assert "李老师 已于 2026-03-17 10:00 领取了这份申请。" in text_of(question) and file.assigned_to == colleague

        act(reviewer, file, "claim", takes_over_from=question.context["claimed_by"])
        file.refresh_from_db()
        assert file.assigned_to == reviewer

    @pytest.mark.parametrize("shown", ["", "0", "-1", "x", "９", "9" * 30])
    def test_a_made_up_colleague_takes_nothing_over(self, reviewer, at, shown):
        file, colleague = stories.checking(at=at), association_reviewer("李老师")
        assignments.claim(case=file, reviewer=colleague, at=at)

        assert act(reviewer, file, "claim", takes_over_from=shown).status_code == 200
        file.refresh_from_db()
        assert file.assigned_to == colleague

    def test_whoever_has_it_anybody_decides(self, reviewer, at):
        file = stories.checking(at=at)
        assignments.claim(case=file, reviewer=association_reviewer("李老师"), at=at)

        decide(reviewer, file, "approved")

        file.refresh_from_db()
        assert file.state == "deciding"

    def test_an_institution_reads_no_name_of_the_association(self, of_lung, row, at):
        substitute = association_reviewer("赵协会")
        late = at + timedelta(days=60)
        assignments.claim(case=row, reviewer=substitute, at=late)

        assert screen_of(of_lung, row).context["screen"].work.claim.who == "协会会员部"
        assert "赵协会" not in text_of(screen_of(of_lung, row))

    def test_from_a_list_one_comes_back_to_it(self, reviewer, at):
        file = stories.checking(at=at)

        response = act(reviewer, file, "claim", query="?list=q%3Dshen", to="list")

        assert response.headers["Location"] == "/admin/review/enrolments/?q=shen"


class TestNotes:  # REV-9
    def test_written_on_the_screen_and_read_by_the_same_scope_alone(self, reviewer, of_lung, row, at):
        response = act(of_lung, row, "note", text="请主任看一下")

        assert response.headers["Location"] == f"{url_of(row)}#notes"
        assert "请主任看一下" in text_of(screen_of(of_lung, row))
        assert "请主任看一下" not in text_of(screen_of(reviewer, row)) + text_of(screen_of(reviewer, row.application))

    @pytest.mark.parametrize("text", ["", "   ", "备" * 2001])
    def test_a_faulty_one_comes_back_with_what_is_wrong(self, reviewer, at, text):
        file = stories.checking(at=at)

        response = act(reviewer, file, "note", text=text)

        assert response.status_code == 200 and 'id="note-error"' in text_of(response)
        assert not Note.objects.exists()

    def test_markup_in_one_stays_text(self, reviewer, at):
        file = stories.checking(at=at)
        notes.write(case=file, author=reviewer, text="<script>1</script>", at=at)

        assert "<script>1</script>" not in text_of(screen_of(reviewer, file))


class TestWhoElseLooks:  # REV-9
    def test_named_when_the_page_is_opened_without_any_script(self, reviewer, at):
        file = stories.checking(at=at)
        screen_of(association_reviewer("李老师"), file)

        page = screen_of(reviewer, file)

        assert page.context["others"] == ("李老师",) and "李老师</b> 正在查看" in text_of(page)

    def test_the_page_hears_it_and_that_the_case_moved_on(self, reviewer, at):
        file, colleague = stories.checking(at=at), association_reviewer("李老师")
        mark = screen_of(reviewer, file).context["mark"]
        assert act(reviewer, file, "presence", mark=mark).json() == {"others": [], "moved": False}

        screen_of(colleague, file)
        assert act(reviewer, file, "presence", mark=mark).json() == {"others": ["李老师"], "moved": False}

        decide(colleague, file, "approved")
        assert act(reviewer, file, "presence", mark=mark).json() == {"others": [], "moved": True}

    def test_an_institution_hears_of_its_own_people_alone(self, reviewer, of_lung, row, lung):
        screen_of(reviewer, row)
        screen_of(reviewer, row.application)
        assert screen_of(of_lung, row).context["others"] == ()
        assert screen_of(institution_reviewer(lung, name="周老师"), row).context["others"] == ("王老师",)

    def test_a_page_left_open_keeps_nobody_logged_in(self, reviewer, at):  # ACC-6
        file = stories.checking(at=at)
        client = client_of(reviewer)
        session = client.session
        session[staff_idle.ACTIVE_AT_KEY] -= 300
        session.save()
        before = client.session[staff_idle.ACTIVE_AT_KEY]

        client.post(url_of(file, "presence"))
        assert client.session[staff_idle.ACTIVE_AT_KEY] == before

        client.get(url_of(file))
        assert client.session[staff_idle.ACTIVE_AT_KEY] > before
        assert settings.STAFF_IDLE_MINUTES


class TestRecusal:  # S-7
    def test_asked_first_then_gone(self, reviewer, at):
        colleague = association_reviewer("李老师")
        # The first of three, so that no number of a recusal is by chance that of its case.
        stories.checking(at=at, name="赵四")
        other = stories.checking(at=at, name="王一")
        Recusal.objects.create(application=other, reviewer=colleague, reason="亲属", recused_at=at)
        file = stories.checking(at=at, name="李二")
        stories.checking(at=at, name="张三")
        assert "不能恢复" in text_of(client_of(reviewer).get(url_of(file, "recuse")))

        response = act(reviewer, file, "recuse", reason="申请人是我的学生")

        assert response.status_code == 302 and Recusal.objects.get(application=file).reviewer == reviewer
        assert screen_of(reviewer, file).status_code == 404
        assert names_in(list_of(reviewer)) == ["赵四", "王一", "张三"]
        assert names_in(list_of(colleague)) == ["赵四", "李二", "张三"]

    @pytest.mark.parametrize("reason", ["", "  ", "因" * 301])
    def test_without_a_reason_it_is_asked_again(self, reviewer, at, reason):
        file = stories.checking(at=at)

        page = act(reviewer, file, "recuse", reason=reason)

        assert page.status_code == 200 and 'role="alert"' in text_of(page) and not Recusal.objects.exists()

    def test_the_last_of_the_association_hands_it_to_an_administrator(self, reviewer, at):
        administrator = staff(rules.ADMINISTRATOR)
        file = stories.checking(at=at)
        assert list_of(administrator).status_code == 404

        assert "管理员" in text_of(client_of(reviewer).post(url_of(file, "recuse"), {"reason": "亲属"}, follow=True))

        assert names_in(list_of(administrator)) == ["沈砚秋"]
        assert "/admin/review/enrolments/" in text_of(client_of(administrator).get("/admin/"))
        decide(administrator, file, "approved")
        file.refresh_from_db()
        assert file.state == "deciding"
        # Nobody is left for its rows either; what is decided is nobody's to open.
        assert list_of(administrator, "rows").status_code == 200

    def test_the_last_of_an_institution_hands_it_to_the_association(self, reviewer, of_lung, row, at):
        recusals.recuse(case=row, reviewer=of_lung, reason="同事", at=at)

        screen = screen_of(reviewer, row).context["screen"]
        assert screen.ruling.is_possible
        assert screen.ruling.explained == ("肺癌专业委员会现在没有可以审核这份申请的审核员，由协会审核。",)
        assert screen_of(of_lung, row).status_code == 404


class TestTrail:  # S-8
    def test_what_one_person_did_on_end_is_one_line_that_counts(self, reviewer, row):
        for _ in range(3):
            screen_of(reviewer, row.application)

        entries = screen_of(reviewer, row.application).context["screen"].work.entries
        assert (entries[0].what, entries[0].times) == ("打开申请审核", 4)
        assert "打开申请审核（5 次）" in text_of(screen_of(reviewer, row.application))


class TestReports:  # M-18, K-4
    def test_reported_with_evidence_and_dismissed_on_the_files_screen(self, reviewer, of_lung, row):
        content = BytesIO()
        Image.new("RGB", (600, 400), "white").save(content, "JPEG")
        picture = SimpleUploadedFile("证据.jpg", content.getvalue(), "image/jpeg")
        assert "至少 10 个字" in text_of(client_of(of_lung).get(url_of(row, "report")))

        act(of_lung, row, "report", text=TEXT, evidence_1=picture)

        found = ViolationReport.objects.get()
        page = screen_of(reviewer, row.application)
        assert TEXT in text_of(page) and client_of(reviewer).get(f"/files/{found.evidence.get().pk}/").status_code == 200
        held = screen_of(of_lung, row).context["screen"]
        assert held.due is None
        assert not held.ruling.is_possible and "等待协会处理" in held.ruling.explained[0] and held.work.reports[0].dismiss_url == ""

        dismissal = page.context["screen"].work.reports[0].dismiss_url
        assert "请写明驳回的理由" in text_of(client_of(reviewer).post(dismissal, {"answer": " "}))
        client_of(reviewer).post(dismissal, {"answer": "已核实，证书真实有效"})

        told = screen_of(of_lung, row)
        assert told.context["screen"].ruling.is_possible and "已核实，证书真实有效" in text_of(told)

    def test_the_association_finds_it_by_itself(self, reviewer, of_lung, row, at):
        assert "待处理" not in text_of(client_of(reviewer).get("/admin/"))
        assert names_in(list_of(reviewer, "rows", tab="reported")) == []
        reports.report(row=row, reviewer=of_lung, text=TEXT, at=at)
        page = list_of(reviewer, "rows", tab="reported").context["queue"]
        # The number of what one looks at is no older than its lines; and no day is promised while the clock stands still.
        assert [(tab.label, tab.count) for tab in page.tabs if tab.is_current] == [("违规上报", "1")]
        assert [line.due for line in page.lines] == [None]
        cache.clear()

        home = text_of(client_of(reviewer).get("/admin/"))
        assert "待处理 1 份" in home and f"{reverse('review_rows_modeladmin_index')}?tab=reported" in home
        for person in (reviewer, of_lung):
            assert names_in(list_of(person, "rows", tab="reported")) == [row.member.name]
        other = row.application.rows.exclude(pk=row.pk).get()
        assert names_in(list_of(institution_reviewer(other.institution), "rows", tab="reported")) == []

    def test_too_short_a_text_and_a_file_that_is_no_picture_come_back(self, of_lung, row):
        page = act(of_lung, row, "report", text="违规", evidence_1=SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg"))
        assert page.status_code == 200 and 'role="alert"' in text_of(page)
        page = act(of_lung, row, "report", text="违规")
        assert "至少 10 字，现在是 2 字" in text_of(page)
        assert not ViolationReport.objects.exists()

    def test_another_institution_reads_nothing_of_it(self, of_lung, row, at):
        reports.report(row=row, reviewer=of_lung, text=TEXT, at=at)
        other = row.application.rows.exclude(pk=row.pk).get()

        assert TEXT not in text_of(screen_of(institution_reviewer(other.institution), other))

    def test_the_applicant_reads_pending(self, of_lung, row, at):
        reports.report(row=row, reviewer=of_lung, text=TEXT, at=at)

        page = text_of(client_of(row.member.user).get("/member/"))
        assert "上报" not in page and "违规" not in page


class TestExplained:  # K-6, M-16
    def test_the_association_reads_whose_turn_it_is_and_from_when_it_may_step_in(self, reviewer, row):
        ruling = screen_of(reviewer, row).context["screen"].ruling

        assert ruling.explained == ("由肺癌专业委员会审核。没有按期答复的，2026-04-15 起协会可以代为决定。",)
        assert not ruling.is_possible

    def test_and_that_it_may_now(self, reviewer, row, clock, at):
        clock.now = at + timedelta(days=60)

        ruling = screen_of(reviewer, row).context["screen"].ruling

        assert ruling.is_possible and ruling.on_behalf and "协会代审" in ruling.explained[0]


class TestTheWayOn:  # REV-12
    def test_previous_next_and_back_keep_the_list_one_came_from(self, reviewer, at):
        others = [stories.checking(at=at + timedelta(days=day), name=name) for day, name in enumerate(("陈一", "沈安", "陈二", "沈波"))]
        query = urlencode({"list": "q=shen"})

        page = client_of(reviewer).get(f"{url_of(others[1])}?{query}")

        assert page.context["next_url"] == f"{url_of(others[3])}?{query}"
        assert page.context["previous_url"] == ""
        assert page.context["list_url"] == "/admin/review/enrolments/?q=shen"

    def test_a_decision_leads_to_the_next_of_that_list(self, reviewer, at):
        first, _, third = (stories.checking(at=at + timedelta(days=day), name=name) for day, name in enumerate(("沈安", "陈一", "沈波")))
        query = urlencode({"list": "q=shen"})
        shown = client_of(reviewer).get(f"{url_of(first)}?{query}").context["screen"]

        answers = {"dossier": shown.dossier, "round": shown.round, "verdict": "approved"}
        response = client_of(reviewer).post(f"{url_of(first, 'decide')}?{query}", answers)

        assert response.headers["Location"] == f"{url_of(third)}?{query}"

    def test_lines_of_a_list_lead_to_screens_that_know_it(self, reviewer, at):
        file = stories.checking(at=at)

        [line] = list_of(reviewer, q="shen").context["queue"].lines

        assert line.url == f"{url_of(file)}?{urlencode({'list': 'q=shen'})}"

    @pytest.mark.parametrize("nonsense", ["tab=%00", "tab=nowhere&after=x", "%", "q=" + "长" * 3000, "list=list%3Dlist"])
    def test_a_list_that_means_nothing_is_the_first(self, reviewer, at, nonsense):
        file = stories.checking(at=at)

        assert client_of(reviewer).get(url_of(file), {"list": nonsense}).status_code == 200
