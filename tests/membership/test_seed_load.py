"""``seed_load``: who does not exist, in any number, and never among those who do."""

import random
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from membership.domain import case_search, name_keys
from membership.domain.visibility import Reader
from membership.management.load import names
from membership.models import Application, ApplicationInstitution, Institution, Member, NumberCounter, User
from tests.factories import enrolment as stories
from tests.factories.reference import InstitutionFactory

# It takes the indexes off and puts them on again, which no transaction of a test may lie around.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def institutions():
    for _ in range(6):
        InstitutionFactory(committee=True)


def load(**options) -> str:
    out = StringIO()
    call_command("seed_load", **{"members": 20, "applications": 120, "stdout": out, **options})
    return out.getvalue()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        found = set()
        for table in ("membership_application", "membership_applicationinstitution", "membership_namekey", "membership_user"):
            found |= set(connection.introspection.get_constraints(cursor, table))
        return found


class TestLoad:  # Speed
    def test_it_makes_as_many_as_were_asked_for_in_every_state(self, institutions):
        before = indexes()

        said = load(applications=600, members=60)

        assert "会员 60，申请 600" in said
        assert Member.objects.in_the_society().count() == 60
        assert Application.objects.count() == 600
        assert {"draft", "awaiting_form", "endorsing", "checking", "deciding", "returned", "closed", "withdrawn"} <= set(
            Application.objects.values_list("state", flat=True)
        )
        assert {"first_enrolment", "further_enrolment", "activation", "change", "upgrade"} == set(
            Application.objects.values_list("kind", flat=True)
        )
        assert indexes() == before

    def test_nothing_of_it_breaks_a_constraint_or_drifts(self, institutions):
        load()

        connection.check_constraints()
        for member in Member.objects.all():
            assert set(member.name_keys.values_list("key", "shared")) == set(name_keys.with_shared(name_keys.keys_of(member.name)))
        assert not ApplicationInstitution.objects.exclude(member_type__in=("professional", "ordinary", "student")).exists()
        assert NumberCounter.objects.get().last_serial == 20

    def test_its_persons_are_found_as_any_others(self, institutions):
        load()
        application = Application.objects.filter(claims__isnull=False).first()
        number = application.claims.get().number

        assert application in case_search.find(Application.objects.all(), number, reader=Reader.ASSOCIATION)

    def test_the_next_person_gets_the_next_id(self, institutions):
        load()

        application = stories.checking(at=timezone.now() - timedelta(days=1))

        assert application.pk > 120

    def test_the_same_seed_gives_the_same_names(self):
        assert [names.one(random.Random(seed)) for seed in (1, 1, 2)][:2] == [names.one(random.Random(1))] * 2


class TestRefusals:
    def test_never_under_production_settings_even_by_force(self, institutions, settings):
        settings.SETTINGS_MODULE = "caca.settings.production"

        with pytest.raises(CommandError, match="never runs"):
            load(force=True)

    def test_not_among_real_accounts_unless_forced(self, institutions):
        User.objects.create_user("+8613912345678")

        with pytest.raises(CommandError, match="neither demo nor load"):
            load()
        assert "申请 120" in load(force=True)

    def test_not_twice(self, institutions):
        load()

        with pytest.raises(CommandError, match="load data already"):
            load(force=True)

    def test_not_without_institutions(self):
        Institution.objects.all().delete()

        with pytest.raises(CommandError, match="seed_reference"):
            load()

    @pytest.mark.parametrize("sizes", [{"members": 30, "applications": 20}, {"members": -1, "applications": 20}])
    def test_not_more_members_than_enrolments(self, institutions, sizes):
        with pytest.raises(CommandError, match="Every member has an enrolment"):
            load(**sizes)
