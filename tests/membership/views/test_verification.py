"""查验证书, as anybody sees it: by number, by the code, by name; without a login, without a cookie."""

from datetime import timedelta

import pytest

from membership.domain import certificates
from membership.models import Certificate, Freeze, LegacyMember, Member, Violation
from tests.factories import enrolment as stories
from tests.factories.people import association_reviewer
from tests.factories.reference import InstitutionFactory
from tests.membership.views.pages import Browser

pytestmark = pytest.mark.django_db
NUMBER = "M1650000001D"
BY_NUMBER = f"/verify/{NUMBER}/"


@pytest.fixture
def edition(clock) -> Certificate:
    committee = InstitutionFactory(committee=True, name="肺癌专业委员会")
    application = stories.approved(at=clock, name="沈砚秋", institutions=[committee])
    return certificates.live_edition(Member.objects.get(pk=application.member_id))


@pytest.fixture
def visitor() -> Browser:
    return Browser()


class TestForm:  # CERT-3
    def test_a_number_leads_to_its_own_address(self, visitor, edition):
        response = visitor.client.post("/verify/", {"number": f" {NUMBER} "})

        assert (response.status_code, response["Location"]) == (302, BY_NUMBER)

    def test_with_the_name_the_answer_stands_there_and_no_name_gets_into_an_address(self, visitor, edition):
        page = visitor.post("/verify/", {"number": NUMBER, "name": "沈砚秋"})

        assert page.response.redirect_chain == []
        assert "姓名 沈砚秋" in page.main
        assert "姓名一致" in page.main

    @pytest.mark.parametrize(("number", "says"), [("", "请填写证书编号"), ("x" * 201, "证书编号没有这么长")])
    def test_what_cannot_be_a_number_is_said_at_the_field(self, visitor, number, says):
        page = visitor.post("/verify/", {"number": number}, status=422)

        assert says in page.main
        assert page.soup.find("a", href="#id_number")

    def test_it_needs_no_token_and_leaves_no_cookie(self, visitor, edition):
        visitor.client.handler.enforce_csrf_checks = True

        for page in (visitor.get("/verify/"), visitor.post("/verify/", {"number": NUMBER}), visitor.post(BY_NUMBER, {"name": "沈砚秋"})):
            assert not page.response.cookies

    def test_an_old_number_may_have_a_slash_and_hyphens(self, visitor, clock):
        LegacyMember.objects.create(source="old", old_number="津-2019/012", name="沈砚秋")

        page = visitor.post("/verify/", {"number": "津-2019/012"})

        assert page.heading == "原系统编号，待激活"


class TestVerdicts:  # Table D
    def test_valid_says_so_first_and_then_name_type_institutions(self, visitor, edition):
        page = visitor.get(BY_NUMBER)

        assert page.heading == "证书有效"
        assert "姓名 沈**" in page.main
        assert "专业会员" in page.main
        assert "中国抗癌协会肺癌专业委员会 2026-03-17 至 2027-03-17" in page.main
        assert page.main.index("证书有效") < page.main.index(NUMBER)

    def test_a_scan_says_edition_and_day_of_issue(self, visitor, edition):
        page = visitor.get(f"/V/{edition.token}")

        assert (page.heading, "第 1 版" in page.main, "签发日期 2026-03-17" in page.main) == ("证书有效", True, True)

    @pytest.mark.parametrize("address", ["/v/{}", "/V/{}/"])
    def test_capitals_and_a_closing_slash_do_not_count(self, visitor, edition, address):
        assert visitor.get(address.format(edition.token.lower())).heading == "证书有效"

    def test_the_guides_sample_is_in_no_register(self, visitor, db):
        page = visitor.get("/verify/M1650002054A/")

        assert page.heading == "查无此证书"
        assert page.soup.find(id="id_number")["value"] == "M1650002054A"

    def test_two_swapped_figures_are_said_at_the_field(self, visitor):
        page = visitor.get("/verify/M1650002045A/")

        assert page.heading == "无效编号或链接"
        assert "可能写错一位，或相邻两位写反了" in page.main

    def test_a_made_up_link_names_nothing(self, visitor, edition):
        page = visitor.get(f"/V/{NUMBER}.1.T.{'A' * 103}")

        assert page.heading == "无效编号或链接"
        assert "沈" not in page.main

    def test_a_made_up_link_costs_neither_query_nor_session(self, visitor, edition, django_assert_num_queries):
        forged = f"/V/{NUMBER}.1.T.{'A' * 103}"
        visitor.get(forged)

        with django_assert_num_queries(0):
            response = visitor.client.get(forged)

        assert not response.cookies

    def test_revoked_shows_nothing_more(self, visitor, edition, clock):
        Certificate.objects.update(revoked_at=clock)

        page = visitor.get(f"/V/{edition.token}")

        assert page.heading == "该证书已撤销"
        assert "沈" not in page.main

    def test_frozen_says_no_reason(self, visitor, edition, clock):
        staff = association_reviewer()
        violation = Violation.objects.create(member=edition.member, text="伪造盖章的详细情况", recorded_by=staff, recorded_at=clock)
        Freeze.objects.create(member=edition.member, violation=violation, reason="伪造盖章", frozen_by=staff, started_at=clock)

        page = visitor.get(BY_NUMBER)

        assert page.heading == "会员资格已冻结"
        assert "伪造" not in page.main
        assert "肺癌" not in page.main

    def test_an_earlier_edition_says_how_the_member_stands_now(self, visitor, edition, clock):
        certificates.issue(edition.member, dossier=edition.dossier, decision=None, at=clock)

        page = visitor.get(f"/V/{edition.token}")

        assert page.heading == "已换发：以新版为准"
        assert "这位会员目前的状态： 有效" in page.main

    @pytest.mark.parametrize(("days", "heading", "shown"), [(370, "待续会", "肺癌专业委员会"), (400, "已过期", "有效期至 2027-03-17")])
    def test_after_the_last_day_the_dates_decide(self, visitor, edition, clock, monkeypatch, days, heading, shown):
        monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(days=days))

        page = visitor.get(BY_NUMBER)

        assert (page.heading, shown in page.main) == (heading, True)

    @pytest.mark.parametrize("number", ["%00", "'; drop table", "<script>alert(1)</script>", "长" * 300, "..%2f..%2f"])
    def test_no_number_ends_in_an_error(self, visitor, db, number):
        page = visitor.get(f"/verify/{number}/")

        assert page.heading in ("无效编号或链接", "查无此证书")
        assert not page.soup.main.find("script")


class TestNames:  # CERT-3
    def test_the_whole_name_is_confirmed(self, visitor, edition):
        page = visitor.post(BY_NUMBER, {"name": "沈砚秋"})

        assert "姓名 沈砚秋" in page.main
        assert "姓名一致" in page.main

    def test_another_name_is_not_and_shows_no_more(self, visitor, edition):
        page = visitor.post(f"/V/{edition.token}", {"name": "沈砚春"})

        assert "姓名不一致" in page.main
        assert "沈砚秋" not in page.main


class TestFrame:
    @pytest.mark.parametrize("url", ["/verify/", "/verify/M1650002054A/", f"/V/{NUMBER}.1.T.A"])
    def test_no_search_engine_keeps_an_answer(self, visitor, db, url):
        page = visitor.get(url)

        assert page.response["X-Robots-Tag"] == "noindex"
        assert page.soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
        assert page.response["Cache-Control"] == "no-store"

    def test_somebody_logged_in_sees_the_same(self, edition):
        assert Browser(edition.member.user).get(BY_NUMBER).heading == "证书有效"


class TestRate:  # CERT-3, N-6
    @pytest.fixture(autouse=True)
    def three_a_minute(self, settings, clock):
        settings.VERIFY_RATE = 3

    def test_typed_numbers_are_limited_per_address_and_minute(self, visitor, db):
        for _ in range(3):
            visitor.get("/verify/M1650002054A/")

        page = visitor.get("/verify/M1650002054A/", status=429)

        assert page.heading == "查验太频繁，请稍等"
        assert page.response["Retry-After"] == "60"

    def test_guessing_names_draws_on_the_same_allowance(self, visitor, edition):
        for name in ("沈一", "沈二", "沈三"):
            visitor.post(f"/V/{edition.token}", {"name": name})

        visitor.post(f"/V/{edition.token}", {"name": "沈四"}, status=429)
        visitor.post("/verify/", {"number": NUMBER, "name": "沈五"}, status=429)

    def test_scanning_a_genuine_code_is_never_limited(self, visitor, edition):
        for _ in range(5):
            assert visitor.get(f"/V/{edition.token}").heading == "证书有效"

    def test_another_address_has_its_own(self, visitor, db):
        for _ in range(4):
            visitor.client.get("/verify/M1650002054A/")

        response = visitor.client.get("/verify/M1650002054A/", REMOTE_ADDR="192.0.2.7")

        assert response.status_code == 200

    def test_a_made_up_forwarded_address_helps_nobody(self, visitor, db):
        for number in range(4):
            last = visitor.client.get("/verify/M1650002054A/", headers={"X-Forwarded-For": f"192.0.2.{number}"})

        assert last.status_code == 429

    def test_the_next_minute_begins_anew(self, visitor, clock, monkeypatch):
        for _ in range(4):
            visitor.client.get("/verify/M1650002054A/")
        monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(seconds=60))

        visitor.get("/verify/M1650002054A/")
