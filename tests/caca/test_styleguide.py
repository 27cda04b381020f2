"""The living styleguide: every component, every colour, and not in production."""

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client

from caca.styleguide import tokens
from caca.styleguide.specimens import sections
from caca.styleguide.urls import urlpatterns
from caca.urls import urlpatterns as site
from tests.settings.test_environments import COMPLETE, start

FOLDER = site_settings.BASE_DIR / "templates" / "components"
COMPONENTS = sorted(path.stem for path in FOLDER.glob("*.html"))
# Shown by others alone, and why.
PARTS = {
    "stylesheets": "names files, draws nothing",
    "scripts": "names files, draws nothing",
    "form_scripts": "names files, draws nothing",
    "field_conditions": "attributes within a tag of field",
    "field_head": "hint and error within field",
    "upload_picture": "the inside of upload_tile",
    "site_header": "stands on top of the styleguide itself",
    "site_links": "within the site's header",
    "site_footer": "stands at the end of the styleguide itself",
    "site_support": "support_contact with the settings' values",
}


@pytest.fixture(scope="module")
def specimens():
    return [specimen for section in sections() for specimen in section.specimens]


@pytest.fixture
def page(db, settings):
    """The styleguide as development serves it."""
    settings.ROOT_URLCONF = (*urlpatterns, *site)
    response = Client().get("/styleguide/")
    assert response.status_code == 200
    return response


class TestCatalogue:
    @pytest.mark.parametrize("component", COMPONENTS)
    def test_every_component_has_specimens_or_a_reason(self, component, specimens):
        shown = {specimen.component for specimen in specimens}

        assert (component in shown) != (component in PARTS), component

    def test_nothing_is_excused_that_is_gone(self):
        assert set(PARTS) <= set(COMPONENTS)

    def test_the_page_draws_every_component_template_also_the_excused(self, page):
        drawn = {template.name.removeprefix("components/").removesuffix(".html") for template in page.templates if template.name}

        assert set(COMPONENTS) - drawn == set()

    def test_no_two_specimens_of_a_component_show_the_same_state(self, specimens):
        states = [(specimen.component, specimen.state) for specimen in specimens]

        assert len(states) == len(set(states))

    @pytest.mark.parametrize("component", ["field", "upload_tile", "institution_picker", "check_list", "cascade", "code_field"])
    def test_every_control_is_shown_empty_filled_in_and_wrong(self, component, specimens):
        contexts = [specimen.context for specimen in specimens if specimen.component == component]
        forms = {(context["field"] if "field" in context else context["parts"][0]).form.prefix for context in contexts}

        assert forms == {"empty", "filled", "wrong"}

    def test_every_kind_of_status_is_shown(self, specimens):
        kinds = {specimen.context["kind"] for specimen in specimens if specimen.component == "status_tag"}

        assert kinds == {"pending", "approved", "rejected", "withdrawn", "frozen", "replaced", "type", "plain"}

    def test_every_id_is_given_once(self, page):
        ids = re.findall(r'\sid="([^"]*)"', page.content.decode())

        assert sorted(one for one in set(ids) if ids.count(one) > 1) == []


class TestColours:  # UI-7
    @pytest.mark.parametrize("theme", tokens.THEMES)
    @pytest.mark.parametrize("pair", tokens.PAIRS, ids=lambda pair: f"{pair.front} on {pair.ground}")
    def test_text_and_marks_stand_out(self, pair, theme):
        assert tokens.ratio(pair, theme) >= pair.least

    def test_black_on_white_is_21_and_a_colour_on_itself_1(self):
        assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
        assert tokens.contrast("#0c4a60", "#0c4a60") == 1
        assert tokens.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

    def test_both_themes_define_the_same_colours(self):
        assert tokens.colours("light").keys() == tokens.colours("dark").keys()
        assert tokens.colours("light") != tokens.colours("dark")

    def test_every_ink_and_paper_is_in_a_pair(self):
        judged = {name for pair in tokens.PAIRS for name in (pair.front, pair.ground)}
        decoration = {"--line", "--line-2", "--blue-line", "--rule"}

        assert set(tokens.colours("light")) - judged == decoration


class TestWhereItIs:
    def test_nothing_answers_outside_development(self, db):
        assert Client().get("/styleguide/").status_code == 404

    @pytest.mark.parametrize(("name", "answer"), [("production", "wagtail_serve"), ("development", "styleguide")])
    def test_the_address_is_there_in_development_alone(self, name, answer):
        environment = {**COMPLETE, "DATABASE_URL": "sqlite://:memory:"}

        started = start("from django.urls import resolve; print(resolve('/styleguide/').url_name)", name, **environment)

        assert started.stdout.split()[-1:] == [answer], started.stderr
