"""激活审核, 变更审核, 升级审核: the lists of what members and former members ask of the association (REV-1, REV-8, A-21)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from membership import rules
from membership.enums import ApplicationKind, ApplicationState, ChangeCategoryCode
from membership.models import Application, ChangeCategory, Dossier, LegacyMember
from tests.factories.browser import client_of
from tests.factories.people import active_member, association_reviewer, institution_reviewer, staff
from tests.factories.reference import InstitutionFactory
from tests.membership.review.pages import list_of, names_in

pytestmark = pytest.mark.django_db
DESKS = {"activations": ApplicationKind.ACTIVATION, "changes": ApplicationKind.CHANGE, "upgrades": ApplicationKind.UPGRADE}


def waiting(kind: ApplicationKind, at, name: str = "沈砚秋", **fields) -> Application:
    """Return an application with the association; the verbs that bring it there are not written yet."""
    member = active_member(name=name)
    dossier = Dossier.objects.create(member=member, name=name, member_type="ordinary", submitted_at=at)
    if kind == ApplicationKind.UPGRADE:
        fields = {"target_type": "professional", **fields}
    application = Application.objects.create(
        kind=kind,
        member=member,
        member_type="ordinary",
        state=ApplicationState.CHECKING,
        state_since=at,
        created_at=at,
        submitted_at=at,
        clock_started_at=at,
        stage_due_on=at.date(),
        proposed_dossier=dossier,
        **fields,
    )
    Dossier.objects.filter(pk=dossier.pk).update(application=application)
    return application


class TestEachKindHasItsList:
    @pytest.mark.parametrize("desk", DESKS)
    def test_it_shows_its_own_kind_alone(self, at, desk):
        for kind in DESKS.values():
            waiting(kind, at, name=kind.label)

        assert names_in(list_of(association_reviewer(), desk)) == [DESKS[desk].label]

    def test_a_former_members_old_number_stands_in_the_line(self, at):
        application = waiting(ApplicationKind.ACTIVATION, at)
        LegacyMember.objects.create(source="old", old_number="A-00123", name="沈砚秋", activation=application)

        assert "原编号 A-00123" in list_of(association_reviewer(), "activations").content.decode()

    def test_a_change_names_its_categories_the_decisive_first(self, at):
        application = waiting(ApplicationKind.CHANGE, at)
        for code in (ChangeCategoryCode.CONTACT, ChangeCategoryCode.IDENTITY):
            application.categories.add(ChangeCategory.objects.get_or_create(code=code)[0])

        [line] = list_of(association_reviewer(), "changes").context["queue"].lines

        assert [(one.word, one.kind) for one in line.special] == [("关键信息变更", "key"), ("联系方式变更", "plain")]

    def test_an_upgrade_says_from_what_to_what(self, at):
        waiting(ApplicationKind.UPGRADE, at)

        [line] = list_of(association_reviewer(), "upgrades").context["queue"].lines

        assert [one.word for one in line.special] == ["普通会员 → 专业会员"]

    @pytest.mark.parametrize("desk", DESKS)
    def test_a_longer_list_costs_no_more_queries(self, at, desk, django_assert_max_num_queries):
        reviewer = association_reviewer()
        for number in range(3):
            waiting(DESKS[desk], at, name=f"甲{number}")
        list_of(reviewer, desk)

        with django_assert_max_num_queries(45):
            list_of(reviewer, desk)


class TestWhoMayReachThem:  # REV-4, S-6
    @pytest.mark.parametrize("desk", DESKS)
    @pytest.mark.parametrize(
        ("who", "is_let_in"),
        [
            ("visitor", False),
            ("institution reviewer", False),
            ("administrator", False),
            ("editor", False),
            ("support", False),
            ("the member, association reviewer", False),
            ("association reviewer", True),
        ],
    )
    def test_the_association_and_nobody_else_opens_a_case(self, at, desk, who, is_let_in):
        association_reviewer("在岗")
        application = waiting(DESKS[desk], at, name="欧阳若兰")
        if who == "the member, association reviewer":
            application.member.user.groups.set(association_reviewer("本人").groups.all())
            application.member.user.is_staff = True
            application.member.user.save()
        person = {
            "visitor": AnonymousUser(),
            "institution reviewer": institution_reviewer(InstitutionFactory(committee=True)),
            "administrator": staff(rules.ADMINISTRATOR),
            "editor": staff(rules.EDITOR),
            "support": staff(rules.SUPPORT),
            "the member, association reviewer": application.member.user,
            "association reviewer": association_reviewer(),
        }[who]
        client = client_of(person) if person.is_authenticated else Client()

        for action, method in {"open": "get", "document": "post", "decide": "post", "claim": "post"}.items():
            response = getattr(client, method)(reverse(f"review_{desk}_modeladmin_{action}", args=[application.pk]))
            assert (response.status_code in (200, 302) and "/login/" not in response.headers.get("Location", "")) is is_let_in, action
            assert is_let_in or "欧阳若兰" not in response.content.decode()

    def test_a_case_of_another_kind_is_not_on_this_desk(self, at):
        change = waiting(ApplicationKind.CHANGE, at)

        assert client_of(association_reviewer()).get(reverse("review_upgrades_modeladmin_open", args=[change.pk])).status_code == 404
