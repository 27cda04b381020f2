"""添加单位申请 in the admin: who gets in, the list, and the three answers (APP-5)."""

import pytest
from django.urls import reverse

from membership import rules
from membership.domain import work_unit_requests
from membership.enums import RequestState
from membership.models import WorkUnit, WorkUnitRequest
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, staff
from tests.factories.reference import WorkUnitFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/unit-requests/"
NAME = "河西区第二肿瘤医院"


@pytest.fixture
def support():
    return client_of(staff(rules.SUPPORT))


@pytest.fixture
def asked(at) -> WorkUnitRequest:
    return work_unit_requests.request_unit(person=UserFactory(), name=NAME, at=at)


def url_of(request: WorkUnitRequest) -> str:
    return reverse("unit_requests:answer", args=[request.pk])


def fresh(request: WorkUnitRequest) -> WorkUnitRequest:
    return WorkUnitRequest.objects.get(pk=request.pk)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (rules.SUPPORT, 200),
        (rules.ADMINISTRATOR, 200),
        (rules.EDITOR, 404),
        (rules.ASSOCIATION_REVIEWER, 404),
        (rules.INSTITUTION_REVIEWER, 404),
    ],
)
def test_requests_exist_for_support_and_administrators_alone(role, status, asked):
    client = client_of(staff(role))

    assert [client.get(LIST).status_code, client.get(url_of(asked)).status_code] == [status, status]
    assert client.post(url_of(asked), {"act": "decline", "answer": ""}).status_code == (422 if status == 200 else 404)


def test_the_first_page_and_the_list_name_what_waits(support, asked):
    assert NAME in support.get("/admin/").content.decode()
    assert NAME in support.get(LIST).content.decode()
    assert NAME not in support.get(f"{LIST}?tab=answered").content.decode()


def test_an_empty_list_says_what_it_is_for(support):
    assert "没有待处理的申请" in support.get(LIST).content.decode()


def test_added_it_is_on_the_list_and_the_next_one_opens(support, asked, at):
    following = work_unit_requests.request_unit(person=UserFactory(), name="又一个医院", at=at)

    answer = support.post(url_of(asked), {"act": "add", "name": NAME, "kind": "cancer_hospital"})

    assert answer.url == url_of(following)
    assert WorkUnit.objects.get(name=NAME) == fresh(asked).work_unit


def test_a_unit_of_a_like_name_is_chosen_or_another_one_named(support, asked, at):
    like, other = WorkUnitFactory(name="天津市河西区第二肿瘤医院"), WorkUnitFactory(name="全然不同的医院")
    assert like.name in support.get(url_of(asked)).content.decode()
    second = work_unit_requests.request_unit(person=UserFactory(), name="不同医院", at=at)

    support.post(url_of(asked), {"act": "found", "unit": like.pk})
    support.post(url_of(second), {"act": "found", "other": other.name})

    assert (fresh(asked).work_unit, fresh(second).work_unit) == (like, other)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "请选择怎么处理"),
        ({"act": "add", "name": NAME}, "请选择单位类别"),
        ({"act": "add", "kind": "cancer_hospital"}, "请填写单位全称"),
        ({"act": "found"}, "请选择名单中的单位"),
        ({"act": "found", "other": "没有的医院"}, "请选择名单中的单位"),
        ({"act": "decline"}, "请写明原因"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_answered(support, asked, sent, says):
    answer = support.post(url_of(asked), sent)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert fresh(asked).state == RequestState.OPEN


def test_answered_by_a_colleague_meanwhile_it_is_shown_as_it_stands(support, asked, at):
    work_unit_requests.decline(request=asked, person=staff(rules.ADMINISTRATOR), answer="重复", at=at)

    answer = support.post(url_of(asked), {"act": "decline", "answer": "另一个原因"}, follow=True)

    assert "同事已经答复了这个申请" in answer.content.decode()
    assert fresh(asked).answer == "重复"
