"""申请添加单位, the applicant's page (APP-5)."""

import pytest
from django.urls import reverse

from membership.models import WorkUnitRequest
from tests.factories.reference import WorkUnitFactory
from tests.membership.views.apply_pages import APPLY, errors, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/member/apply/work-unit/"


def test_the_form_leads_to_it_and_it_begins_with_what_was_typed(browser, started):
    save(browser, {"member_type": "professional", "work_unit_name": "河西区第二肿瘤医院"})

    assert f'href="{URL}"' in text_of(browser.get(APPLY))
    assert browser.get(URL).context["form"]["name"].value() == "河西区第二肿瘤医院"


def test_a_request_is_kept_and_shown_below_with_what_comes_next(browser, started, person):
    save(browser, {"member_type": "professional", "work_unit_name": "河西区第二肿瘤医院"})

    answer = browser.post(URL, {"name": "河西区第二肿瘤医院", "province": ""})
    page = text_of(browser.get(URL))

    assert answer.url == f"{APPLY}#id_work_unit_name_field"
    assert "已申请添加这个单位" in text_of(browser.get(APPLY))
    assert WorkUnitRequest.objects.get().requested_by == person
    assert "等待添加" in page
    assert "会发站内消息告诉您" in page


def test_a_unit_on_the_list_is_named_and_nothing_is_asked(browser, started):
    unit = WorkUnitFactory()

    answer = browser.post(URL, {"name": unit.name})

    assert errors(answer)["name"] == [f"名单中已有「{unit.name}」，请回到申请表直接选择"]
    assert not WorkUnitRequest.objects.exists()


def test_an_unknown_province_is_said(browser, started):
    assert "province" in errors(browser.post(URL, {"name": "某医院", "province": "火星"}))


def test_who_has_no_draft_yet_may_ask_and_a_visitor_logs_in_first(browser, client):
    assert browser.post(URL, {"name": "某医院"}).status_code == 302
    assert client.get(URL).url.startswith(reverse("account_login"))
