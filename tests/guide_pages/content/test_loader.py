import re
from dataclasses import replace

from django.urls import resolve
from wagtail.fields import StreamField
from wagtail.models import Page, Revision, Site

from guide_pages import content
from guide_pages.content import loader
from guide_pages.models import LoadedPage, NewsArticlePage, PlainPage, SiteSettings
from tests.guide_pages.conftest import SITE_URL


def load() -> loader.Report:
    return loader.load(site_url=SITE_URL)


def load_changed(key: str, **values) -> loader.Report:
    """Load the page ``key`` as if the product came with other values."""
    delivered, report = content.delivered(key), loader.Report()
    loader.load_page(replace(delivered, values=delivered.values | values, fingerprint="another"), report)
    return report


class TestLoadedSite:  # CMS-1, CMS-2
    def test_the_site_answers_at_the_address_of_the_settings(self, home):
        site = Site.objects.get()

        assert (site.hostname, site.port, site.root_page_id, site.is_default_site) == ("member.example.org", 443, home.pk, True)

    def test_a_new_address_reaches_the_site_at_the_next_load(self, home):
        loader.load(site_url="http://127.0.0.1:8123")

        assert [(site.hostname, site.port) for site in Site.objects.all()] == [("127.0.0.1", 8123)]

    def test_the_footer_leads_to_about_privacy_and_contact(self, home):
        site = SiteSettings.for_site(Site.objects.get())

        assert [page.url for page in (site.about_page, site.privacy_page, site.contact_page)] == ["/about/", "/privacy/", "/contact/"]


class TestLoadingAgain:  # CMS-2
    def test_a_second_load_changes_nothing(self, home):
        before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision", "last_published_at"))

        report = load()

        assert (report.created, report.updated, report.kept) == ([], [], list(content.KEYS))
        assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision", "last_published_at")) == before

    def test_an_untouched_page_follows_the_delivered_text(self, home):
        report = load_changed("privacy", intro="新的引言。")

        assert report.updated == ["privacy"]
        assert PlainPage.objects.get(slug="privacy").intro == "新的引言。"

    def test_a_page_that_an_editor_changed_is_left_to_them(self, home):
        page = PlainPage.objects.get(slug="privacy")
        page.intro = "协会自己写的引言。"
        page.save_revision().publish()

        report = load_changed("privacy", intro="新的引言。")

        assert report.kept == ["privacy"]
        assert PlainPage.objects.get(slug="privacy").intro == "协会自己写的引言。"

    def test_a_draft_in_work_is_left_to_its_editor(self, home):
        page = PlainPage.objects.get(slug="privacy")
        page.intro = "还没写完的引言。"
        page.save_revision()

        assert load_changed("privacy", intro="新的引言。").kept == ["privacy"]

    def test_an_unpublished_page_is_not_published_again(self, home):
        PlainPage.objects.get(slug="about").unpublish()

        assert load_changed("about", intro="新的引言。").kept == ["about"]
        assert not PlainPage.objects.get(slug="about").live

    def test_a_deleted_page_does_not_come_back(self, home):
        PlainPage.objects.get(slug="about").delete()

        assert "about" in load().kept
        assert not PlainPage.objects.filter(slug="about").exists()

    def test_a_page_that_got_another_address_is_not_made_twice(self, home):
        articles = NewsArticlePage.objects.count()
        page = NewsArticlePage.objects.get(slug="stamped-form")
        page.slug = "how-to-scan"
        page.save_revision().publish()

        load()

        assert NewsArticlePage.objects.count() == articles

    def test_a_footer_link_that_an_editor_emptied_stays_empty(self, home):
        site = SiteSettings.for_site(Site.objects.get())
        site.about_page = None
        site.save()

        load()

        assert SiteSettings.for_site(Site.objects.get()).about_page is None

    def test_an_editors_own_page_at_the_same_address_stays(self, home):
        LoadedPage.objects.get(key="about").delete()
        revisions = Revision.objects.count()

        assert "about" in load().kept
        assert Revision.objects.count() == revisions


class TestDeliveredText:  # CMS-1, CMS-2
    def test_every_file_of_the_folder_is_loaded(self):
        assert {path.stem for path in content.FOLDER.glob("*.json")} == set(content.KEYS)

    def test_it_keeps_the_rules_that_editors_keep(self, home):
        for page in Page.objects.filter(depth__gt=1).specific():
            page.full_clean()
            for field in page._meta.get_fields():
                if isinstance(field, StreamField):
                    field.stream_block.clean(getattr(page, field.name))

    def test_every_link_in_it_leads_somewhere(self, home, client):
        text = "".join((content.FOLDER / f"{key}.json").read_text(encoding="utf-8") for key in content.KEYS)
        for path in set(re.findall(r'href=\\"([^"\\]+)\\"', text)):
            match = resolve(path)
            assert match.url_name != "wagtail_serve" or client.get(path).status_code == 200, path

    def test_it_never_shows_the_sample_documents_of_the_old_guide(self):
        for key in content.KEYS:
            assert not re.search(r"\d{17}[\dX]|1[3-9]\d{9}", (content.FOLDER / f"{key}.json").read_text(encoding="utf-8"))  # I-9
