"""Work units, their other names, and requests for a new one."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from membership.domain import renaming
from membership.enums import RequestState
from membership.models.users import User
from membership.models.work_units import WorkUnitAlias, WorkUnitRequest
from tests.factories.reference import WorkUnitAliasFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def ask_for_unit(**columns) -> WorkUnitRequest:
    user = User.objects.create_user("+8613800138000")
    return WorkUnitRequest.objects.create(name="新医院", requested_by=user, created_at=NOW, **columns)


class TestNames:  # APP-5, I-5
    def test_unit_stands_once_in_the_list(self):
        unit = WorkUnitFactory()

        with pytest.raises(IntegrityError):
            WorkUnitFactory(name=unit.name)

    def test_name_leads_to_one_unit(self):
        alias = WorkUnitAliasFactory()

        with pytest.raises(IntegrityError):
            WorkUnitAliasFactory(name=alias.name)

    def test_listed_unit_is_no_other_name_of_another(self):
        unit, other = WorkUnitFactory(), WorkUnitFactory()

        with pytest.raises(ValidationError, match="已是名单中的单位"):
            WorkUnitAlias(work_unit=other, name=unit.name).full_clean()

    def test_unit_and_alias_are_found_by_spelling(self):
        alias = WorkUnitAliasFactory(name="北肿", work_unit__name="北京大学肿瘤医院")

        assert (alias.name_pinyin, alias.name_initials) == ("beizhong", "bz")
        assert alias.work_unit.name_initials == "bjdxzlyy"

    def test_former_name_stays_an_alias(self):
        unit = WorkUnitFactory(name="新名医院")

        renaming.note_former_unit_name(work_unit=unit, former="旧名医院")
        renaming.note_former_unit_name(work_unit=unit, former="旧名医院")

        assert [alias.name for alias in WorkUnitAlias.objects.filter(work_unit=unit)] == ["旧名医院"]


class TestRequests:  # APP-5, L-9
    def test_open_request_has_no_answer_yet(self):
        with pytest.raises(IntegrityError):
            ask_for_unit(answered_at=NOW)

    def test_answered_request_says_when(self):
        with pytest.raises(IntegrityError):
            ask_for_unit(state=RequestState.DECLINED)

    def test_granted_request_names_the_unit(self):
        with pytest.raises(IntegrityError):
            ask_for_unit(state=RequestState.DONE, answered_at=NOW)

    def test_open_requests_are_those_unanswered(self):
        request = ask_for_unit()

        assert list(WorkUnitRequest.objects.open()) == [request]
