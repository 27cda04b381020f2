"""Every address of the review × every kind of person: who gets in, and to whom the case does not exist."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page, Site

from membership import rules
from membership.accounts import roles
from membership.domain import queues
from membership.models import Application, ApplicationInstitution, Recusal, User
from membership.review.model_admins import ReviewGroup
from tests.factories import amendments
from tests.factories import enrolment as stories
from tests.factories.browser import client_of
from tests.factories.people import UserFactory, association_reviewer, committee_member, freeze, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory

pytestmark = pytest.mark.django_db

NAME, OTHER_NAME = "欧阳若兰", "端木知行"
LOGIN, OPEN, NO_ROLE, NOBODY, NO_METHOD = "login", 200, 403, 404, 405


@dataclass
class Society:
    """A file in check and one in decision at two institutions, and everybody who may try to look at them."""

    file: Application
    row: ApplicationInstitution
    people: dict[str, User | AnonymousUser]


@pytest.fixture
def society(at) -> Society:
    lung, liver = InstitutionFactory(committee=True), InstitutionFactory(committee=True)
    seat = committee_member()
    applicant = association_reviewer("本人")
    institution_applicant = institution_reviewer(lung, name="另一本人")
    frozen = association_reviewer("冻结者")
    passed_on, seat_holder = association_reviewer("回避者"), institution_reviewer(lung, name="委员")
    file = stories.checking(at=at, name=NAME, user=applicant)
    deciding = stories.deciding(at=at, name=OTHER_NAME, user=institution_applicant, institutions=[lung, liver])
    people = {
        "visitor": AnonymousUser(),
        "member": stories.approved(at=at, name="会员").member.user,
        "committee member": seat.member.user,
        "reviewer of the institution": seat_holder,
        "reviewer of another institution": institution_reviewer(liver),
        "reviewer of no institution": institution_reviewer(),
        "association reviewer": association_reviewer(),
        "applicant of the file, association reviewer": applicant,
        "applicant of the row, institution reviewer": institution_applicant,
        "association reviewer who passed the cases on": passed_on,
        "frozen association reviewer": frozen,
        "administrator": staff(rules.ADMINISTRATOR),
        "editor": staff(rules.EDITOR),
        "support": staff(rules.SUPPORT),
        "superuser without a role": User.objects.create_superuser("+8618811110000"),
    }
    for application in (file, deciding):
        Recusal.objects.create(application=application, reviewer=passed_on, reason="同事", recused_at=at)
    member = stories.draft(at=at, user=frozen, name="冻结者").member
    freeze(member, at=at, by=people["association reviewer"])
    return Society(file, deciding.rows.get(institution=lung), people)


# Who, and the answers: list of files, a file (screen, decision, number), list of rows, a row (the same).
EXPECTED = {
    "visitor": (LOGIN,) * 8,
    "member": (NO_ROLE,) * 8,
    "committee member": (NO_ROLE,) * 8,
    "reviewer of the institution": (NOBODY, NOBODY, NOBODY, NOBODY, OPEN, OPEN, OPEN, NOBODY),
    "reviewer of another institution": (NOBODY, NOBODY, NOBODY, NOBODY, OPEN, NOBODY, NOBODY, NOBODY),
    "reviewer of no institution": (NOBODY, NOBODY, NOBODY, NOBODY, OPEN, NOBODY, NOBODY, NOBODY),
    "association reviewer": (OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "applicant of the file, association reviewer": (OPEN, NOBODY, NOBODY, NOBODY, OPEN, OPEN, OPEN, OPEN),
    "applicant of the row, institution reviewer": (NOBODY, NOBODY, NOBODY, NOBODY, OPEN, NOBODY, NOBODY, NOBODY),
    "association reviewer who passed the cases on": (OPEN, NOBODY, NOBODY, NOBODY, OPEN, NOBODY, NOBODY, NOBODY),
    "frozen association reviewer": (NOBODY,) * 8,
    "administrator": (NOBODY,) * 8,
    "editor": (NOBODY,) * 8,
    "support": (NOBODY,) * 8,
    "superuser without a role": (NOBODY,) * 8,
}
ACTIONS = ("index", "open", "decide", "document")
POSTED = ("decide", "document")
# Done with one case: the way in is the screen's. The second are a row's alone, for its institution, and for the association.
CASE_ACTIONS = {"claim": "post", "release": "post", "note": "post", "presence": "post", "file": "get", "recuse": "get"}
ROW_ACTIONS = {"report": "get", "dismiss": "post"}
# Done with a whole list: tests/membership/review/test_bulk.py and test_exports.py ask these as everybody.
LIST_ADDRESSES = {
    *(
        f"review_{desk}_modeladmin_{action}"
        for desk in ("enrolments", "rows")
        for action in ("bulk", "bulk_run", "bulk_start", "bulk_resume")
    ),
    *(f"review_{desk}_modeladmin_export" for desk in ("enrolments", "rows", "activations", "changes", "upgrades")),
    # A reviewer's own views: test_list_filters.py.
    *(
        f"review_{desk}_modeladmin_{action}"
        for desk in ("enrolments", "rows", "activations", "changes", "upgrades")
        for action in ("view_save", "view_rename", "view_delete")
    ),
}
# The association's further desks have the same addresses as 入会审核; no institution decides there.
AMENDMENTS = {"activations": amendments.activation, "changes": amendments.change, "upgrades": amendments.upgrade}


def answers_to(society: Society, person: User | AnonymousUser) -> list[HttpResponse]:
    """Ask every address of both desks as it is meant to be asked, and return the answers in the order of the table."""
    client = client_of(person) if person.is_authenticated else Client()
    return [
        ask(client, f"review_{desk}_modeladmin_{action}", [] if action == "index" else [case.pk], posts=action in POSTED)
        for desk, case in (("enrolments", society.file), ("rows", society.row))
        for action in ACTIONS
    ]


def ask(client: Client, name: str, arguments: list, *, posts: bool) -> HttpResponse:
    url = reverse(name, args=arguments)
    # An empty decision decides nothing, whoever posts it.
    return client.post(url, {}) if posts else client.get(url)


def shape_of(response: HttpResponse) -> int | str:
    if response.status_code == 302 and "/accounts/login/" in response.headers["Location"]:
        return LOGIN
    return response.status_code


def was_let_in(response: HttpResponse) -> bool:
    """Whether the address was there for whoever asked; acts lead on to a page."""
    return shape_of(response) in (OPEN, 302)


class TestEveryAddress:  # REV-4, S-6, S-7, M-19
    def test_the_table_asks_every_address_there_is(self):
        registered = {pattern.name for pattern in ReviewGroup().get_admin_urls_for_registration()}

        assert registered - LIST_ADDRESSES == {
            *(f"review_{desk}_modeladmin_{action}" for desk in ("enrolments", "rows", *AMENDMENTS) for action in (*ACTIONS, *CASE_ACTIONS)),
            *(f"review_rows_modeladmin_{action}" for action in ROW_ACTIONS),
        }

    def test_the_table_knows_everybody(self, society):
        assert set(society.people) == set(EXPECTED)

    @pytest.mark.parametrize("who", EXPECTED)
    def test_each_gets_what_is_theirs_and_no_word_of_the_rest(self, society, who):
        responses = answers_to(society, society.people[who])

        assert tuple(shape_of(response) for response in responses) == EXPECTED[who]
        for response in responses:
            if shape_of(response) != OPEN:
                text = response.content.decode()
                assert NAME not in text and OTHER_NAME not in text and society.file.number not in text

    @pytest.mark.parametrize("who", EXPECTED)
    def test_who_may_open_a_case_may_work_on_it_and_nobody_else(self, society, who):
        person = society.people[who]
        client = client_of(person) if person.is_authenticated else Client()
        for desk, case, on_screen in (("enrolments", society.file, EXPECTED[who][1]), ("rows", society.row, EXPECTED[who][5])):
            for action, method in CASE_ACTIONS.items():
                response = getattr(client, method)(reverse(f"review_{desk}_modeladmin_{action}", args=[case.pk]))

                assert was_let_in(response) == (on_screen == OPEN), (desk, action)
                if on_screen != OPEN:
                    assert shape_of(response) == on_screen and NAME not in response.content.decode()

    @pytest.mark.parametrize("desk", AMENDMENTS)
    @pytest.mark.parametrize("who", EXPECTED)
    def test_the_further_desks_are_the_associations_as_its_first(self, society, at, who, desk):
        person = society.people[who]
        client = client_of(person) if person.is_authenticated else Client()
        case = AMENDMENTS[desk](at=at)
        on_list = EXPECTED[who][0]

        assert shape_of(ask(client, f"review_{desk}_modeladmin_index", [], posts=False)) == on_list
        for action, method in {"open": "get", "document": "post", "decide": "post", **CASE_ACTIONS}.items():
            response = getattr(client, method)(reverse(f"review_{desk}_modeladmin_{action}", args=[case.pk]))

            assert was_let_in(response) == (on_list == OPEN), action
            if on_list != OPEN:
                assert shape_of(response) == on_list and case.number not in response.content.decode()

    @pytest.mark.parametrize("who", EXPECTED)
    def test_its_institution_reports_and_the_association_dismisses(self, society, who):
        person = society.people[who]
        client = client_of(person) if person.is_authenticated else Client()
        on_screen = EXPECTED[who][5]
        is_association = who in ("association reviewer", "applicant of the file, association reviewer")

        report = client.get(reverse("review_rows_modeladmin_report", args=[society.row.pk]))
        posted = client.post(reverse("review_rows_modeladmin_report", args=[society.row.pk]), {"text": "伪造的资质证书，编号查不到"})
        dismissed = client.post(reverse("review_rows_modeladmin_dismiss", args=[society.row.pk]), {"answer": "已核实，证书真实有效"})

        assert was_let_in(report) == was_let_in(posted) == (who == "reviewer of the institution")
        assert was_let_in(dismissed) == is_association
        if on_screen != OPEN:
            assert {shape_of(one) for one in (report, posted, dismissed)} == {on_screen}

    def test_what_is_another_institutions_looks_like_what_does_not_exist(self, society):
        client = client_of(society.people["reviewer of another institution"])

        theirs = client.get(reverse("review_rows_modeladmin_open", args=[society.row.pk]))
        nothing = client.get(reverse("review_rows_modeladmin_open", args=[999_999]))

        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content

    def test_acts_are_posted_and_lists_are_read(self, society):
        client = client_of(society.people["association reviewer"])

        came_by_address = client.get(reverse("review_enrolments_modeladmin_decide", args=[society.file.pk]))
        assert came_by_address.url == reverse("review_enrolments_modeladmin_open", args=[society.file.pk])
        assert client.get(reverse("review_enrolments_modeladmin_bulk")).url == reverse("review_enrolments_modeladmin_index")
        assert client.post(reverse("review_enrolments_modeladmin_open", args=[society.file.pk])).status_code == NO_METHOD
        assert client.post(reverse("review_enrolments_modeladmin_index")).status_code == NO_METHOD

    def test_an_own_case_is_on_no_list(self, society):
        applicant = society.people["applicant of the file, association reviewer"]

        page = client_of(applicant).get(reverse("review_enrolments_modeladmin_index"), {"tab": "all"}).content.decode()

        assert NAME not in page
        assert not queues.files_for(applicant).filter(pk=society.file.pk).exists()


class TestWhatModelAdminWouldOffer:  # stack notes 3: its own object views load any id
    @pytest.mark.parametrize("desk", ["enrolments", "rows"])
    @pytest.mark.parametrize("action", ["create", "edit", "delete", "inspect", "history", "choose_parent"])
    def test_its_own_views_are_not_there_for_anybody(self, society, desk, action):
        with pytest.raises(NoReverseMatch):
            reverse(f"review_{desk}_modeladmin_{action}", args=[1])

        case = society.file if desk == "enrolments" else society.row
        for who in ("association reviewer", "superuser without a role"):
            client = client_of(society.people[who])
            for path in (f"/admin/review/{desk}/{action}/{case.pk}/", f"/admin/review/{desk}/{action}/"):
                assert client.get(path).status_code == 404
                assert client.post(path).status_code == 404

    @pytest.mark.parametrize("who", ["association reviewer", "reviewer of the institution", "superuser without a role"])
    def test_its_helper_refuses_every_act_of_its_own(self, society, who):
        person = society.people[who]
        cases = (society.file, society.row, *(society.file for _ in AMENDMENTS))
        for admin, case in zip(ReviewGroup().modeladmin_instances, cases, strict=True):
            helper = admin.permission_helper

            assert not helper.user_can_create(person)
            assert not helper.user_can_inspect_obj(person, case)
            assert not helper.user_can_edit_obj(person, case)
            assert not helper.user_can_delete_obj(person, case)

    def test_no_group_can_be_given_a_case_by_hand(self):  # D-5
        assert not ReviewGroup().get_permissions_for_registration().exists()


class TestRolesInTheAdmin:  # ACC-6, CMS-4
    @pytest.mark.parametrize(
        ("address", "welcome"),
        [
            ("/admin/snippets/membership/institution/", {rules.ADMINISTRATOR}),
            ("/admin/snippets/membership/workunit/", {rules.ADMINISTRATOR, rules.SUPPORT}),
            ("/admin/snippets/membership/reviewreason/", {rules.ADMINISTRATOR}),
            ("/admin/snippets/membership/societysettings/", {rules.ADMINISTRATOR}),
            ("/admin/snippets/membership/calendarday/add/", {rules.ADMINISTRATOR}),
            ("/admin/pages/", {rules.ADMINISTRATOR, rules.EDITOR}),
            ("/admin/images/", {rules.EDITOR}),
            ("/admin/documents/", {rules.EDITOR}),
            ("/admin/redirects/", {rules.EDITOR}),
            ("/admin/settings/guide_pages/sitesettings/", {rules.ADMINISTRATOR, rules.EDITOR}),
            ("/admin/settings/membership/readonlymode/", {rules.ADMINISTRATOR}),
            ("/admin/audit/", {rules.ASSOCIATION_REVIEWER, rules.ADMINISTRATOR}),
            ("/admin/users/", set()),
            ("/admin/groups/", set()),
        ],
    )
    def test_each_role_enters_the_rooms_of_its_work(self, address, welcome):
        entered = set()
        for role in rules.ROLES:
            response = client_of(staff(role)).get(address, follow=True)
            if response.status_code == 200 and response.request["PATH_INFO"] != "/admin/":
                entered.add(role)

        assert entered == welcome

    def test_editors_work_on_the_sites_pages_and_again_after_its_root_was_exchanged(self):
        editor = staff(rules.EDITOR)
        home = Page.get_first_root_node().add_child(instance=Page(title="新首页", slug="new-home"))
        Site.objects.update(root_page=home)
        roles.ensure_groups()

        assert home.permissions_for_user(User.objects.get(pk=editor.pk)).can_edit()
        assert editor.groups.get().page_permissions.values("page").distinct().count() == 1

    def test_a_bare_account_has_no_room(self):
        assert client_of(UserFactory()).get("/admin/").status_code == NO_ROLE
