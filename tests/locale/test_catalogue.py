"""The admin speaks Chinese, in the site's own tone: all of Wagtail's sentences, and what was compiled is what was written (UI-7)."""

import ast
import gettext
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext as gettext_of_django
from django.utils.translation import trans_real

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
# What stands on pages of this site; the parts of Wagtail that are not installed may stay as they are.
PACKAGES = (
    "wagtail", "wagtail/admin", "wagtail/contrib/forms", "wagtail/contrib/redirects", "wagtail/contrib/settings", "wagtail/documents",
    "wagtail/embeds", "wagtail/images", "wagtail/search", "wagtail/sites", "wagtail/snippets", "wagtail/users", "wagtail_modeladmin",
)  # fmt: skip
# What this site never says: 你, raised voices, excuses, machine's words.
FOREIGN_TONE = re.compile("你|[！!]|对不起|抱歉|耐心|为何不|注销|账户|父页面|子页面|缩略名")
# Marks as Chinese print has them: 「」 for names, wide commas, no dots in threes.
FOREIGN_MARKS = re.compile(r"""['"“”]|\.\.\.|[\u4e00-\u9fff][:,;?]|[:,;?.][\u4e00-\u9fff]|[\u4e00-\u9fff] [\u4e00-\u9fff]""")
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def entries(file: Path) -> Iterator[dict[str, str]]:
    """Yield the entries of a .po file: msgctxt, msgid, msgid_plural, msgstr or msgstr[0]."""
    for block in re.split(r"\n\s*\n", file.read_text()):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        parts = re.findall(r'^(msg[a-z_]+(?:\[0\])?) ((?:"[^\n]*"\s*)+)', "\n".join(lines), re.MULTILINE)
        entry = {name: "".join(ast.literal_eval(text) for text in texts.strip().split("\n")) for name, texts in parts}
        if entry.get("msgid"):
            yield entry


def key(entry: dict[str, str]) -> str:
    return f"{entry['msgctxt']}\x04{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]


def folder_of(package: str) -> Path:
    top, *below = package.split("/")
    return Path(find_spec(top).submodule_search_locations[0], *below, "locale")


def english(package: str, domain: str = "django") -> Iterator[dict[str, str]]:
    return entries(folder_of(package) / "en" / "LC_MESSAGES" / f"{domain}.po")


def in_chinese(entry: dict[str, str], catalogue) -> str:
    return re.sub("<[^>]+>", "", catalogue.get(key(entry)) or catalogue.get((key(entry), 0)) or "")


class TestTheTone:  # UI-7
    @pytest.mark.parametrize("package", PACKAGES)
    def test_the_admin_speaks_as_the_site_does(self, package):
        catalogue = trans_real.DjangoTranslation("zh-hans")._catalog

        said = [in_chinese(entry, catalogue) for entry in english(package)]

        assert [text for text in said if FOREIGN_TONE.search(text) or FOREIGN_MARKS.search(text)] == []

    def test_its_scripts_do_so_too(self):
        catalogue = trans_real.DjangoTranslation("zh-hans", domain="djangojs", localedirs=[str(folder_of("wagtail/admin"))])._catalog

        said = [in_chinese(entry, catalogue) for entry in english("wagtail/admin", "djangojs")]

        assert [text for text in said if FOREIGN_TONE.search(text) or FOREIGN_MARKS.search(text)] == []

    @pytest.mark.parametrize(
        ("sentence", "ours"),
        [
            ("You must type the same password each time.", "两次输入的密码不一样，请重新输入。"),
            ("This field is required.", "请填写"),
            ("Enter a valid date/time.", "请按 2026-03-17 09:00 的写法填写时间。"),
            ("Log out", "退出登录"),
        ],
    )
    def test_what_other_packages_say_is_said_in_our_words(self, sentence, ours):
        assert gettext_of_django(sentence) == ours


class TestNothingIsLeftInEnglish:
    @pytest.mark.parametrize("package", PACKAGES)
    def test_every_sentence_of_the_admin_has_its_chinese(self, package):
        chinese = trans_real.DjangoTranslation("zh-hans")._catalog

        left = [key(entry) for entry in english(package) if key(entry) not in chinese and (key(entry), 0) not in chinese]

        assert left == []

    def test_every_sentence_of_the_admins_scripts_has_its_chinese(self):
        chinese = trans_real.DjangoTranslation("zh-hans", domain="djangojs", localedirs=[str(folder_of("wagtail/admin"))])._catalog

        left = [
            key(entry) for entry in english("wagtail/admin", "djangojs") if key(entry) not in chinese and (key(entry), 0) not in chinese
        ]

        assert left == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
class TestOurCatalogue:
    def test_what_is_compiled_is_what_is_written(self, domain):
        """After a change: msgfmt -c -o locale/zh_Hans/LC_MESSAGES/django.mo locale/zh_Hans/LC_MESSAGES/django.po"""
        with (OURS / f"{domain}.mo").open("rb") as compiled:
            found = {name: text for name, text in gettext.GNUTranslations(compiled)._catalog.items() if name}

        written = {
            (key(entry), 0) if "msgid_plural" in entry else key(entry): self.chinese(entry) for entry in entries(OURS / f"{domain}.po")
        }

        assert found == written

    def test_every_entry_says_what_some_package_says(self, domain):
        """Whoever misspells the English, or keeps it when a package has changed its own, translates nothing."""
        packages = (*PACKAGES, "wagtail/locales", "django/conf", "allauth") if domain == "django" else ("wagtail/admin",)
        said = {key(entry) for package in packages for entry in english(package, domain)}

        assert {key(entry) for entry in entries(OURS / f"{domain}.po")} - said == set()

    def test_places_for_names_and_numbers_are_kept(self, domain):
        for entry in entries(OURS / f"{domain}.po"):
            wanted = set(PLACES.findall(entry.get("msgid_plural", entry["msgid"])))
            assert set(PLACES.findall(self.chinese(entry))) == wanted, entry["msgid"]

    def chinese(self, entry: dict[str, str]) -> str:
        return entry.get("msgstr[0]", entry.get("msgstr", ""))


def test_the_catalogue_is_found():
    assert str(ROOT / "locale") in map(str, settings.LOCALE_PATHS)
