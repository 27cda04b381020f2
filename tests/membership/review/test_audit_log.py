"""审计记录 in the admin: who gets in, what stands there, and the way through it (S-4, S-8, REV-5)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from membership import rules
from membership.domain import audit
from membership.models import AuditEntry, Member, User
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import MemberFactory, UserFactory, active_member, association_reviewer, freeze, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/audit/"


@pytest.fixture
def reader() -> Client:
    return client_of(association_reviewer("读者"))


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser").select_one(".review")


def words(response: HttpResponse) -> str:
    return " ".join(soup(response).get_text(" ").split())


def acts(response: HttpResponse) -> list[str]:
    return [line.action for line in response.context["lines"]]


class TestReaders:  # S-4, S-8
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (rules.ASSOCIATION_REVIEWER, 200),
            (rules.ADMINISTRATOR, 200),
            (rules.INSTITUTION_REVIEWER, 404),
            (rules.EDITOR, 404),
            (rules.SUPPORT, 404),
        ],
    )
    def test_it_exists_for_the_association_alone(self, role, status, at):
        member = stories.checking(at=at, name="沈砚秋").member
        client = client_of(staff(role))

        for address in (LIST, f"{LIST}?about_id={member.pk}", f"{LIST}?actor=系统"):
            response = client.get(address)
            assert response.status_code == status
            assert status == 200 or "沈砚秋" not in response.content.decode()

    def test_nor_for_an_institutions_own_acts_the_frozen_a_superuser_or_a_visitor(self, at):
        lung = InstitutionFactory(committee=True)
        frozen = association_reviewer("冻结者")
        freeze(MemberFactory(user=frozen), at=at)
        for person in (institution_reviewer(lung), frozen, User.objects.create_superuser("+8618811110001")):
            assert client_of(person).get(f"{LIST}?institution={lung.pk}").status_code == 404
        assert Client().get(LIST).status_code == 302

    def test_it_is_read_and_nothing_else(self, reader, at):
        assert all(getattr(reader, method)(LIST).status_code == 405 for method in ("post", "put", "patch", "delete"))

    def test_the_menu_leads_there(self, reader):
        assert LIST in reader.get("/admin/").content.decode()
        assert LIST not in client_of(staff(rules.SUPPORT)).get("/admin/").content.decode()


class TestList:
    def test_it_says_in_words_who_did_what_to_whom_where(self, reader, at):
        application = stories.deciding(at=at, name="沈砚秋")
        row = application.rows.get()
        stories.approve_row(row, at=at, reviewer=institution_reviewer(row.institution, name="王老师"))

        page = words(reader.get(LIST))

        for word in ("机构审核：通过", "协会审核：通过", "王老师", "沈砚秋", row.institution.name, "2026-03-17 10:00:00", "系统"):
            assert word in page
        assert "row.approved" not in page

    def test_a_member_who_acted_is_named_as_they_are_called_now(self, reader, at):
        application = stories.submitted(at=at, name="沈砚秋")

        page = reader.get(LIST, {"action": "application.submit"})

        assert [(line.actor, line.about) for line in page.context["lines"]] == [("沈砚秋", "沈砚秋")]
        assert AuditEntry.objects.get(action="application.submit").actor_label == f"账号 {application.member.user_id}"

    def test_it_holds_nothing_that_identifies_or_reaches_a_person(self, reader, at):
        dossier = stories.approved(at=at).proposed_dossier

        page = reader.get(LIST).content.decode()

        for personal in (dossier.document_number, dossier.phone, dossier.email, dossier.address):
            assert personal not in page

    def test_a_long_record_is_read_on_by_key_with_its_filter(self, reader, at):
        member = active_member(name="沈砚秋")
        for number in range(120):
            audit.log("file.view", member, by=None, at=at + timedelta(seconds=number // 2), about=member, pages=number)
        first = reader.get(LIST, {"action": "file.view"})
        second = reader.get(first.context["next_url"])
        third = reader.get(second.context["next_url"])
        back = reader.get(third.context["previous_url"])

        seen = [line.details for page in (first, second, third) for line in page.context["lines"]]
        assert seen == [f"页数：{number}" for number in reversed(range(120))]
        assert not first.context["previous_url"] and not third.context["next_url"]
        assert back.context["lines"] == second.context["lines"]
        assert "action=file.view" in second.context["next_url"]

    def test_a_page_asks_as_often_for_fifty_as_for_one(self, reader, at, django_assert_max_num_queries):
        for _ in range(50):
            member = MemberFactory()
            audit.log("file.view", member, by=member.user, at=at, about=member, institution=InstitutionFactory())
        reader.get(LIST)

        with django_assert_max_num_queries(30):
            assert len(reader.get(LIST).context["lines"]) == 50

    def test_it_outlives_whom_it_names(self, reader, at):
        person, member = UserFactory(last_name="离职者"), MemberFactory(user=None, name="沈砚秋")
        audit.log("file.view", member, by=person, at=at, about=member)
        pk = member.pk
        person.delete()
        Member.objects.filter(pk=pk).delete()

        page = reader.get(LIST)

        assert "离职者" in words(page) and f"会员 {pk}" in words(page)
        assert acts(reader.get(page.context["lines"][0].actor_url)) == ["查看文件"]
        assert "资料已不存在" in words(reader.get(page.context["lines"][0].about_url))

    def test_an_empty_record_says_what_it_is_for(self, reader):
        assert "还没有记录" in words(reader.get(LIST))
        assert "没有找到" in words(reader.get(LIST, {"action": "row.approved"}))


class TestLooking:
    def test_one_of_that_name_is_found_at_once_and_stands_there(self, reader, at):
        stories.checking(at=at, name="沈砚秋")
        stories.checking(at=at, name="顾明修")

        page = reader.get(LIST, {"about": "沈砚"})

        assert {line.about for line in page.context["lines"]} == {"沈砚秋"}
        assert soup(page).select_one("input[name=about]")["value"] == "沈砚"

    def test_namesakes_are_chosen_among(self, reader, at):
        first, second = (stories.checking(at=at, name="王伟").member for _ in "ab")

        page = reader.get(LIST, {"about": "王伟", "action": "application.submit"})
        links = [link["href"] for link in soup(page).select(".audit-question a")]
        chosen = reader.get(links[1])

        assert page.context["lines"] == [] and "请选择会员" in words(page)
        assert acts(chosen) == ["提交申请"]
        assert f"about_id={second.pk}" in links[1] and f"about_id={first.pk}" in links[0]

    def test_whom_nobody_knows_is_said(self, reader, at):
        stories.checking(at=at)

        page = reader.get(LIST, {"actor": "查无此人"})

        assert "没有找到操作人“查无此人”" in words(page)
        assert page.context["lines"] == []

    def test_what_the_system_did(self, reader, at):
        stories.approved(at=at)

        assert set(acts(reader.get(LIST, {"actor": "系统"}))) == {"颁发会员证书"}

    @pytest.mark.parametrize(
        "query",
        [
            "actor_id=abc&about_id=-1&institution=0&action=nonsense",
            "actor_id=99999999999999999999&since=9999-12-31&until=0001-01-01",
            "after=nonsense&before=1.1.1&since=2026-02-30",
            "after=99999999999999999.999999999999999999",
            "about=%00&actor=%00&request=%00",
            "institution=99999999999999999999999",
            "about_id=%E0%A5%A7",
        ],
    )
    def test_what_an_address_cannot_mean_is_left_out(self, reader, at, query):
        stories.checking(at=at)

        assert reader.get(f"{LIST}?{query}").status_code == 200

    def test_that_a_persons_record_was_read_is_written_down_once(self, reader, at):
        member = stories.checking(at=at, name="沈砚秋").member

        reader.get(LIST)
        assert not AuditEntry.objects.filter(action="audit.read").exists()
        reader.get(LIST, {"about": "沈砚秋"})
        reader.get(LIST, {"about": "沈砚秋", "after": "1.1"})

        entry = AuditEntry.objects.get(action="audit.read")
        assert (entry.about, entry.actor_label) == (member, "读者")
