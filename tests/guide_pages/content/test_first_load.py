from io import StringIO

from django.core.management import call_command
from wagtail.models import Page

from guide_pages import content
from guide_pages.content import loader
from tests.guide_pages.conftest import SITE_URL


class TestFirstLoad:  # CMS-1, CMS-2
    """Into an empty tree: no other module of this folder begins with one."""

    def test_the_welcome_page_of_wagtail_makes_way_for_home(self, db):
        report = loader.load(site_url=SITE_URL)

        assert report.created == list(content.KEYS)
        assert [page.specific_class.__name__ for page in Page.objects.filter(depth=2)] == ["HomePage"]

    def test_the_command_says_what_it_did(self, db):
        output = StringIO()

        call_command("load_content", stdout=output)

        assert output.getvalue() == f"Pages: {len(content.KEYS)} created, 0 updated, 0 left as they are.\n"
