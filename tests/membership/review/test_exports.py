"""Lists as files on the review's pages: exactly what is listed, as far as the reader sees it, asked what for (REV-6, REV-13)."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from membership import rules
from membership.domain import exports, visibility
from membership.domain.visibility import Reader
from membership.enums import AttachmentKind, ExportState
from membership.exports import cells, keeping
from membership.models import AuditEntry, ExportRun
from membership.review import desks, export_tasks, list_acts, list_words
from membership.review.export_columns import Columns
from membership.review.queue import Asked
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, association_reviewer, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory
from tests.membership.review.pages import list_of, names_in

pytestmark = pytest.mark.django_db

FILES, ROWS = "review_enrolments_modeladmin", "review_rows_modeladmin"
PURPOSE = "2026 年度会员统计"
PASSWORD = "Demo-2026"


@pytest.fixture
def reviewer():
    return association_reviewer()


def export(client: Client, *, desk=FILES, query="", format="csv", **fields) -> HttpResponse:
    return client.post(reverse(f"{desk}_export"), {"purpose": PURPOSE, "format": format, "list": query, **fields})


def fetch(client: Client, run: ExportRun) -> HttpResponse:
    return client.post(reverse("exports:file", args=[run.pk]))


def content_of(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(run: ExportRun) -> list[dict[str, str]]:
    """Return the lines of a run's csv file by their heads, each text as it was."""
    content = b"".join(keeping.pieces_of(run.file)).decode("utf-8-sig")
    header, *lines = ([cells.from_csv(cell) for cell in line] for line in csv.reader(io.StringIO(content, newline="")))
    return [dict(zip(header, line, strict=True)) for line in lines]


def exported(person, **wanted) -> list[dict[str, str]]:
    export(confirmed(person), **wanted)
    return rows_of(ExportRun.objects.latest("pk"))


def confirmed(person) -> Client:
    """Return a browser whose person has confirmed again a moment ago."""
    client = client_of(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/"})
    return client


class TestButton:  # REV-6
    def test_it_says_how_many_and_leads_to_exactly_this_list(self, reviewer, at):
        stories.checking(at=at, name="王一"), stories.checking(at=at, name="李二")

        link = list_of(reviewer, q="王", after="2026-03-01.1").context["export"]

        assert (link.count.text, link.url) == ("1 份", f"{reverse(f'{FILES}_export')}?q=%E7%8E%8B")

    def test_an_empty_list_has_none(self, reviewer):
        assert list_of(reviewer).context["export"] is None


class TestWhichRows:  # REV-6: exactly the filtered list
    @pytest.mark.parametrize("query", ["", "q=王", "tab=all", "tab=decided", "tab=all&q=王", "q=没有这个人"])
    def test_they_are_those_of_the_list_in_its_order(self, reviewer, at, query):
        for days, name in enumerate(("王一", "李二", "王三")):
            stories.checking(at=at - timedelta(days=days), name=name)
        stories.deciding(at=at, name="王四")
        listed = names_in(client_of(reviewer).get(f"{reverse(f'{FILES}_index')}?{query}"))

        assert [row["姓名"] for row in exported(reviewer, query=query)] == listed

    def test_an_own_case_is_in_no_file(self, at):
        applicant = association_reviewer()
        stories.checking(at=at, user=applicant, name="本人")
        stories.checking(at=at, name="王一")

        assert [row["姓名"] for row in exported(applicant)] == ["王一"]

    def test_another_institutions_rows_are_in_no_file(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
        stories.deciding(at=at, name="王一", institutions=[lung, liver])
        stories.deciding(at=at, name="端木知行", institutions=[liver])

        rows = exported(institution_reviewer(lung), desk=ROWS, query="tab=all")

        assert [(row["姓名"], row["机构"]) for row in rows] == [("王一", lung.full_name)]


class TestWhichColumns:  # S-1 to S-4
    def test_every_answer_that_a_reader_sees_has_its_column_and_no_other(self, at):
        papers = {kind.value for kind in AttachmentKind}
        for reader in (Reader.ASSOCIATION, Reader.INSTITUTION):
            columns = Columns(reader, is_of_rows=True, today=at.date())

            assert set(columns.fields) == set(visibility.visible_fields(reader)) - papers - {"endorsement_internal"}

    def test_an_institution_reads_nothing_that_identifies_or_reaches_anybody_nor_others_verdicts(self, at):
        lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True, name="肝癌专业委员会")
        file = stories.deciding(at=at, institutions=[lung, liver])
        stories.refuse_row(file.rows.get(institution=liver), at=at, reason="别家的原因")
        dossier = file.proposed_dossier

        [row] = exported(institution_reviewer(lung), desk=ROWS)
        text = "".join(row.values())

        for secret in (dossier.document_number, dossier.phone[3:], dossier.email, dossier.address, "1984-09-30", "肝癌", "别家的原因"):
            assert secret not in text
        assert not {"证件号码", "手机号", "邮箱", "联系地址", "民族", "党派", "籍贯", "出生日期", "申请机构"} & set(row)
        assert row["工作单位"] == dossier.work_unit_name and row["年龄"] == "41 岁"

    def test_choices_are_labels_and_dates_are_the_days_of_shanghai(self, reviewer, at):
        stories.checking(at=at.replace(hour=0, minute=30))

        [row] = exported(reviewer)

        assert (row["会员类型"], row["性别"], row["种类"], row["审核状态"]) == ("专业会员", "男", "入会", "协会审核")
        assert (row["提交日期"], row["出生日期"]) == ("2026-03-17", "1984-09-30")

    def test_numbers_of_documents_and_telephones_are_masked_unless_asked_for(self, reviewer, at):
        number = stories.checking(at=at).proposed_dossier.document_number

        [row] = exported(reviewer)

        assert row["证件号码"] == f"{number[:2]}**************{number[-2:]}" and "****" in row["手机号"]

    def test_asked_for_they_are_whole(self, reviewer, at):
        dossier = stories.checking(at=at).proposed_dossier

        export(confirmed(reviewer), with_identity="on")
        [row] = rows_of(ExportRun.objects.get())

        assert (row["证件号码"], row["手机号"]) == (dossier.document_number, dossier.phone.removeprefix("+86"))

    def test_an_institution_that_asks_by_hand_gets_none(self, at):
        lung = InstitutionFactory(committee=True)
        number = stories.deciding(at=at, institutions=[lung]).proposed_dossier.document_number

        export(confirmed(institution_reviewer(lung)), desk=ROWS, with_identity="on", query="tab=all")

        assert not ExportRun.objects.get().has_identity
        assert number not in str(rows_of(ExportRun.objects.get()))

    def test_a_formula_in_a_field_is_text_in_both_formats_and_reads_back_the_same(self, reviewer, at):
        formula = '=HYPERLINK("http://example.org")'
        stories.checking(at=at, remarks=formula)
        client = confirmed(reviewer)

        for format in ("csv", "xlsx"):
            export(client, format=format)
            content = content_of(fetch(client, ExportRun.objects.latest("pk")))
            if format == "xlsx":
                header, line = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
                assert dict(zip(header, line, strict=True))["备注信息"] == formula
            else:
                assert "\"'=HYPERLINK" in content.decode("utf-8-sig")
                assert rows_of(ExportRun.objects.latest("pk"))[0]["备注信息"] == formula


class TestAsking:  # REV-13, ACC-7
    def test_the_page_says_which_list_and_what_stands_in_it(self, reviewer, at):
        stories.checking(at=at, name="王一")

        page = client_of(reviewer).get(f"{reverse(f'{FILES}_export')}?q=王").content.decode()

        assert "入会审核：待我审核，查找「王」" in page and '导出 <span class="num">1 份</span>' in page and "学历" in page

    def test_a_list_counts_as_far_as_is_read_and_the_page_before_the_file_to_the_last(self, reviewer, at):
        for _ in range(3):
            stories.checking(at=at)
        which = (desks.FILES, reviewer, "tab=all")

        assert list_acts.count_of(*which, today=at.date(), most=2).text == "2+ 份"
        assert list_acts.exact_count_of(*which, today=at.date()).text == "3 份"

    @pytest.mark.parametrize("fields", [{"purpose": ""}, {"purpose": "统计"}, {"purpose": "长" * 201}, {"format": "pdf"}, {"format": ""}])
    def test_without_purpose_or_format_nothing_leaves_and_what_was_typed_stays(self, reviewer, at, fields):
        stories.checking(at=at)

        page = client_of(reviewer).post(reverse(f"{FILES}_export"), {"purpose": PURPOSE, "format": "csv", "list": "q=王", **fields})

        assert page.status_code == 200 and 'value="q=王"' in page.content.decode()
        assert not ExportRun.objects.exists()

    @pytest.mark.parametrize("identity", [{}, {"with_identity": "on"}])
    def test_before_a_list_leaves_the_person_confirms_and_nothing_is_lost(self, reviewer, at, identity):
        stories.checking(at=at)
        client = client_of(reviewer)

        asked = export(client, query="q=沈", **identity)
        assert asked.url.startswith("/accounts/reauthenticate/")
        assert not ExportRun.objects.exists()
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": reverse(f"{FILES}_export")})

        run = ExportRun.objects.get()
        assert (run.has_identity, run.purpose, exports.query_of(run), run.row_count) == (bool(identity), PURPOSE, "q=%E6%B2%88", 1)

    def test_a_wrong_password_lets_nothing_out(self, reviewer, at):
        stories.checking(at=at)
        client = client_of(reviewer)

        export(client)
        client.post("/accounts/reauthenticate/", {"password": "Wrong-2026", "next": reverse(f"{FILES}_export")})

        assert not ExportRun.objects.exists()

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            (Asked(query="110101199003072316"), "待我审核，查找「11**************16」"),
            (Asked(query="王若兰"), "待我审核，查找「王若兰」"),
            (Asked(tab="all", member_type="student"), "全部，会员类型：学生会员"),
            (Asked(tab="no such tab"), "待我审核"),
        ],
    )
    def test_the_register_names_the_filters_and_masks_a_term_that_identifies_somebody(self, reviewer, asked, words):
        assert list_words.in_words(desks.FILES, reviewer, asked) == words

    @pytest.mark.parametrize("query", ["type=student", "status=returned&tab=all", "due=overdue", "institution=999999"])
    def test_a_filter_of_the_list_is_one_of_the_file(self, reviewer, at, query):
        stories.checking(at=at, name="王一"), stories.returned(at=at, name="李二")
        listed = names_in(client_of(reviewer).get(f"{reverse(f'{FILES}_index')}?{query}"))

        assert [row["姓名"] for row in exported(reviewer, query=query)] == listed

    @pytest.mark.parametrize("desk", [one.url_prefix for one in desks.DESKS])
    def test_every_list_of_the_association_has_its_export(self, reviewer, at, desk):
        assert client_of(reviewer).get(reverse(f"{desk}_export")).status_code == 200
        assert exported(reviewer, desk=desk, query="tab=all") == []


class TestMaking:  # REV-13
    def test_a_long_list_is_left_to_a_worker(self, reviewer, at, settings, django_capture_on_commit_callbacks):
        settings.EXPORT_AT_ONCE_ROWS = 1
        stories.checking(at=at), stories.checking(at=at)
        client = confirmed(reviewer)

        with django_capture_on_commit_callbacks() as left:
            export(client)
        page = client.get(reverse("exports:run", args=[ExportRun.objects.get().pk])).content.decode()

        assert "正在生成文件" in page and '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
        for callback in left:
            callback()
        assert ExportRun.objects.get().row_count == 2

    def test_the_list_is_that_of_the_moment_it_is_made_for_whoever_may_see_it_then(self, reviewer, at, settings):
        settings.EXPORT_AT_ONCE_ROWS = 0
        stories.checking(at=at)
        export(confirmed(reviewer))
        reviewer.groups.clear()

        assert export_tasks.make_now(ExportRun.objects.get().pk) == "not begun"
        assert ExportRun.objects.get().state == ExportState.FAILED

    def test_a_fault_is_told_without_its_words_and_leaves_no_file(self, reviewer, at, settings, caplog):
        settings.EXPORT_AT_ONCE_ROWS = 0
        file = stories.checking(at=at, name="王一")
        export(confirmed(reviewer))
        # What no verb writes, and none expects.
        type(file.proposed_dossier).objects.filter(pk=file.proposed_dossier_id).update(other_societies=7)

        assert export_tasks.make_now(ExportRun.objects.get().pk) == ExportState.FAILED
        assert "TypeError" in caplog.text and "王一" not in caplog.text
        assert "请再导出一次" in ExportRun.objects.get().error

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, reviewer, at):
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                exported(reviewer)
            return len(asked)

        stories.checking(at=at)
        exported(reviewer)
        one = queries()
        for _ in range(4):
            stories.checking(at=at)

        assert queries() == one

    def test_the_sweeper_takes_up_what_no_worker_has(self, reviewer, at, clock, settings):
        settings.EXPORT_AT_ONCE_ROWS = 0
        stories.checking(at=at)
        export(confirmed(reviewer))

        assert export_tasks.sweep() == 0
        clock.now = at + timedelta(minutes=6)
        assert export_tasks.sweep() == 1
        assert ExportRun.objects.get().state == ExportState.DONE


class TestFetching:  # REV-13, S-8, OPS-2
    def test_the_file_comes_under_its_name_and_no_cache_keeps_it(self, reviewer, at):
        stories.checking(at=at)
        client = confirmed(reviewer)
        export(client, format="xlsx")

        answer = fetch(client, ExportRun.objects.get())

        assert "2026-03-17_1" in answer.headers["Content-Disposition"]
        assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
        assert len(content_of(answer)) == int(answer.headers["Content-Length"])
        assert AuditEntry.objects.filter(action="export.fetch").count() == 1

    def test_what_is_stored_can_be_read_by_nobody_without_the_keys(self, reviewer, at):
        stories.checking(at=at, name="欧阳若兰")
        export(confirmed(reviewer))

        with ExportRun.objects.get().file.file.open("rb") as stored:
            content = stored.read()

        assert "欧阳若兰".encode() not in content and content[:2] != b"PK"

    def test_it_waits_for_the_person_to_confirm(self, reviewer, at):
        stories.checking(at=at)
        export(confirmed(reviewer))
        run, later = ExportRun.objects.get(), client_of(reviewer)

        assert "确认身份后下载" in later.get(reverse("exports:run", args=[run.pk])).content.decode()
        assert fetch(later, run).url == reverse("exports:confirm", args=[run.pk])
        asked = later.get(reverse("exports:confirm", args=[run.pk]))
        back = later.post(
            asked.url.partition("?")[0], {"password": PASSWORD, "next": reverse("exports:confirm", args=[run.pk])}, follow=True
        )

        assert "下载文件" in back.content.decode()
        assert content_of(fetch(later, run))

    def test_fetches_stand_in_the_register(self, reviewer, at):
        stories.checking(at=at)
        client = confirmed(reviewer)
        export(client)
        for _ in range(2):
            fetch(client, ExportRun.objects.get())

        [line] = client.get(reverse("exports:list")).context["lines"]

        assert (line.rows, line.purpose, line.fetches, line.kept_until) == (1, PURPOSE, [at, at], (at + timedelta(days=7)).date())

    def test_fetching_is_posted(self, reviewer, at):
        stories.checking(at=at)
        client = confirmed(reviewer)
        export(client)

        assert client.get(reverse("exports:file", args=[ExportRun.objects.get().pk])).status_code == 405


class TestRegisterPages:
    def test_it_is_read_on_by_key(self, reviewer, at, monkeypatch):
        monkeypatch.setattr("membership.review.export_register.PAGE_SIZE", 2)
        stories.checking(at=at)
        client = confirmed(reviewer)
        for _ in range(3):
            export(client)

        first = client.get(reverse("exports:list"))
        second = client.get(first.context["next_url"])

        assert [len(page.context["lines"]) for page in (first, second)] == [2, 1]

    @pytest.mark.parametrize("place", ["x", "-1", "9" * 40, "1.2", "\x00"])
    def test_a_place_that_means_nothing_is_the_first_page(self, reviewer, place):
        assert client_of(reviewer).get(reverse("exports:list"), {"after": place}).status_code == 200


OPEN, NOBODY, NO_ROLE, LOGIN = 200, 404, 403, "login"
# Who, and the answers: the export of the files' list and of the rows', the register, another person's line, its confirmation, its file.
EXPECTED = {
    "visitor": (LOGIN,) * 6,
    "account": (NO_ROLE,) * 6,
    rules.INSTITUTION_REVIEWER: (NOBODY, OPEN, OPEN, NOBODY, NOBODY, NOBODY),
    # They read the line; the file is its maker's alone.
    rules.ASSOCIATION_REVIEWER: (OPEN, OPEN, OPEN, OPEN, 302, 302),
    rules.ADMINISTRATOR: (NOBODY, NOBODY, OPEN, OPEN, 302, 302),
    rules.EDITOR: (NOBODY,) * 6,
    rules.SUPPORT: (NOBODY,) * 6,
}


class TestEveryAddress:  # REV-4, REV-13
    @pytest.mark.parametrize("who", EXPECTED)
    def test_each_gets_what_is_theirs(self, who, reviewer, at):
        stories.checking(at=at, name="欧阳若兰")
        export(confirmed(reviewer))
        run = ExportRun.objects.get()
        person = {"visitor": AnonymousUser, "account": UserFactory}.get(who, lambda: staff(who))()
        client = client_of(person) if person.is_authenticated else Client()

        answers = [
            client.get(reverse(f"{FILES}_export")),
            client.get(reverse(f"{ROWS}_export")),
            client.get(reverse("exports:list")),
            client.get(reverse("exports:run", args=[run.pk])),
            client.get(reverse("exports:confirm", args=[run.pk])),
            fetch(client, run),
        ]

        shapes = [LOGIN if "/accounts/login/" in one.headers.get("Location", "") else one.status_code for one in answers]
        assert tuple(shapes) == EXPECTED[who]
        assert not AuditEntry.objects.filter(action=exports.FETCHED).exists()
        assert all("下载文件" not in one.content.decode() for one in answers)
