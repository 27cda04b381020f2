"""Reading the audit: who may, whom a name means, each filter on an index of its own, and never a case of one's own."""

from datetime import date, timedelta

import pytest
from django.db import connection

from membership import rules
from membership.domain import audit, audit_reading, members
from membership.domain.audit_reading import Wanted
from membership.domain.errors import NotAllowed
from membership.enums import EndKind, Standing
from membership.models import AuditEntry, Member, Recusal
from tests.factories import enrolment as stories
from tests.factories.moments import moment
from tests.factories.people import MemberFactory, UserFactory, active_member, association_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

# PostgreSQL reads few rows whole, whatever index there is; so there are many, of fifty people each.
MANY = """
INSERT INTO membership_auditentry
    (at, action, actor_id, actor_label, about_id, target, institution_id, details, request_id)
SELECT now() - g * interval '1 second', 'act.' || g % 50, g % 50, '', g % 50, '', g % 50, '{}', 'r' || g % 50
FROM generate_series(1, 30000) g
"""


@pytest.fixture
def reader():
    return association_reviewer("读者")


def found(reader, **wanted) -> list[AuditEntry]:
    return list(audit_reading.find(Wanted(**wanted), reader=reader).order_by("at", "id"))


class TestReaders:  # S-4, S-8
    def test_the_association_reads_it_and_nobody_else(self):
        readers = {role for role in rules.ROLES if audit_reading.may_read(staff(role))}

        assert readers == {rules.ASSOCIATION_REVIEWER, rules.ADMINISTRATOR}
        with pytest.raises(NotAllowed):
            audit_reading.find(Wanted(), reader=staff(rules.INSTITUTION_REVIEWER))

    def test_what_was_done_in_a_case_of_ones_own_is_not_there(self, at, reader):  # S-6, S-7
        own = stories.checking(at=at, user=reader).member
        passed_on = stories.checking(at=at)
        Recusal.objects.create(application=passed_on, reviewer=reader, reason="同事", recused_at=at)
        other = stories.checking(at=at).member

        assert {entry.about for entry in found(reader)} == {other}
        assert not found(reader, about=own.pk) and not found(reader, about=passed_on.member_id)
        assert audit_reading.people_called(f"申请人 {own.pk}", reader=reader) == []

    def test_what_concerns_no_person_is_there_all_the_same(self, at, reader):
        stories.checking(at=at, user=reader)
        audit.log("message_text.change", UserFactory(), by=reader, at=at)

        assert [entry.action for entry in found(reader)] == ["message_text.change"]


class TestFilters:  # S-8
    @pytest.fixture
    def entries(self, at):
        lung = InstitutionFactory(committee=True)
        one, two = active_member(name="沈砚秋"), active_member(name="顾明修")
        first = audit.log("row.approved", one, by=two.user, at=at, about=one, institution=lung)
        second = audit.log("file.view", two, by=None, at=at + timedelta(days=1), about=two)
        AuditEntry.objects.bulk_create([AuditEntry(at=at, action="certificate.download", request_id="a1b2")])
        return one, two, lung, first, second

    def test_each_narrows_the_list_and_all_go_together(self, entries, reader):
        one, two, lung, first, second = entries

        assert found(reader, actor=two.user_id) == [first]
        assert second in found(reader, by_system=True)
        assert found(reader, about=two.pk) == [second]
        assert found(reader, action="row.approved", institution=lung.pk) == [first]
        assert found(reader, action="row.approved", by_system=True) == []
        assert [entry.request_id for entry in found(reader, request_id="a1b2")] == ["a1b2"]

    def test_days_are_shanghais_and_the_last_one_counts(self, entries, reader, at):
        *_, second = entries
        audit.log("file.view", MemberFactory(), by=None, at=moment(date(2026, 3, 19), 0))

        assert found(reader, since=date(2026, 3, 18), until=date(2026, 3, 18)) == [second]

    @pytest.mark.parametrize(
        ("wanted", "index"),
        [
            ({}, "audit_by_time"),
            ({"actor": 7}, "audit_by_actor"),
            ({"about": 7}, "audit_by_member"),
            ({"action": "act.7"}, "audit_by_action"),
            ({"institution": 7}, "audit_by_institution"),
            ({"request_id": "r7"}, "audit_by_request"),
            ({"since": date(2026, 3, 18), "until": date(2026, 3, 19)}, "audit_by_time"),
        ],
    )
    def test_each_reads_one_page_from_an_index_in_the_order_of_the_list(self, wanted, index, reader):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(MANY)
                cursor.execute("ANALYZE membership_auditentry")
        page = audit_reading.find(Wanted(**wanted), reader=reader).order_by("-at", "-id")[:51]
        assert index in page.explain()


class TestWhoIsMeant:
    def test_of_an_actor_the_beginning_of_a_name_its_pinyin_or_initials_the_phone_or_the_account(self):
        member = active_member(name="沈砚秋", name_pinyin="shenyanqiu", name_initials="syq")
        phone = str(member.user.phone).removeprefix("+86")

        for term in ("沈砚", "shenyan", "SYQ", phone, f"账号 {member.user_id}"):
            assert [one.pk for one in audit_reading.actors_called(term)] == [member.user_id], term

    def test_staff_without_a_membership_is_found_by_name_with_its_role(self):
        person = association_reviewer("唐老师")

        (one,) = audit_reading.actors_called("唐老师")

        assert (one.pk, one.name, one.note) == (person.pk, "唐老师", "协会会员部审核员")

    def test_of_a_person_the_name_the_members_number_or_the_applications(self, at, reader):
        application = stories.approved(at=at, name="沈砚秋")
        member = Member.objects.get(pk=application.member_id)

        for term in ("沈砚秋", member.number, member.number.lower(), application.number):
            assert [one.pk for one in audit_reading.people_called(term, reader=reader)] == [member.pk], term

    @pytest.mark.parametrize("term", ["", "   ", "\x00", "没有此人", "2026-999999", "M1650000001A", "账号", "9" * 60, "%", "_"])
    def test_what_means_nobody_finds_nobody(self, term, reader):
        MemberFactory(name="沈砚秋")

        assert audit_reading.actors_called(term) == []
        assert audit_reading.people_called(term, reader=reader) == []

    def test_of_many_namesakes_one_more_than_is_offered(self, reader):
        for _ in range(12):
            MemberFactory(name="王伟")

        assert len(audit_reading.people_called("王伟", reader=reader)) == audit_reading.MOST_OFFERED + 1
        assert len(audit_reading.actors_called("王伟")) == audit_reading.MOST_OFFERED + 1


class TestOutliving:  # S-8
    def test_who_is_no_more_is_named_as_when_they_acted(self, at, reader):
        person = association_reviewer("老审核员")
        audit.log("file.approved", MemberFactory(), by=person, at=at)
        pk = person.pk
        person.groups.clear()
        person.delete()

        assert audit_reading.actor_with(pk) == audit_reading.Person(pk, "老审核员", "账号已不存在")
        assert [entry.actor_label for entry in found(reader, actor=pk)] == ["老审核员"]

    def test_of_the_anonymised_a_number_is_left(self, at, reader):  # P-8
        member = active_member(name="沈砚秋")
        audit.log("certificate.download", member, by=member.user, at=at, about=member)
        Member.objects.filter(pk=member.pk).update(
            name="", name_pinyin="", name_initials="", standing=Standing.ANONYMISED, end_kind=EndKind.WITHDRAWN, user=None
        )

        assert audit_reading.person_with(member.pk).name == f"会员 {member.pk}"
        assert len(found(reader, about=member.pk)) == 1
        assert members.member_of(member.user) is None
