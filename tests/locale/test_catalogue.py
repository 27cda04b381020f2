"""The admin speaks Chinese: Wagtail's sentences are all translated, and what was compiled is what was written (UI-7)."""

import ast
import gettext
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import trans_real

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
# What stands on pages of this site; the parts of Wagtail that are not installed may stay as they are.
PACKAGES = (
    "wagtail", "wagtail/admin", "wagtail/contrib/forms", "wagtail/contrib/redirects", "wagtail/contrib/settings", "wagtail/documents",
    "wagtail/embeds", "wagtail/images", "wagtail/search", "wagtail/sites", "wagtail/snippets", "wagtail/users", "wagtail_modeladmin",
)  # fmt: skip
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


class TestNothingIsLeftInEnglish:
    @pytest.mark.parametrize("package", PACKAGES)
    def test_every_sentence_of_the_admin_has_its_chinese(self, package):
        chinese = trans_real.DjangoTranslation("zh-hans")._catalog
        english = self.folder(package) / "en" / "LC_MESSAGES" / "django.po"

        left = [key(entry) for entry in entries(english) if key(entry) not in chinese and (key(entry), 0) not in chinese]

        assert left == []

    def test_every_sentence_of_the_admins_scripts_has_its_chinese(self):
        folder = self.folder("wagtail/admin")
        chinese = trans_real.DjangoTranslation("zh-hans", domain="djangojs", localedirs=[str(folder)])._catalog

        english = entries(folder / "en" / "LC_MESSAGES" / "djangojs.po")

        assert [key(entry) for entry in english if key(entry) not in chinese and (key(entry), 0) not in chinese] == []

    def folder(self, package: str) -> Path:
        top, *below = package.split("/")
        return Path(find_spec(top).submodule_search_locations[0], *below, "locale")


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

    def test_places_for_names_and_numbers_are_kept(self, domain):
        for entry in entries(OURS / f"{domain}.po"):
            wanted = set(PLACES.findall(entry.get("msgid_plural", entry["msgid"])))
            assert set(PLACES.findall(self.chinese(entry))) == wanted, entry["msgid"]

    def chinese(self, entry: dict[str, str]) -> str:
        return entry.get("msgstr[0]", entry.get("msgstr", ""))


def test_the_catalogue_is_found():
    assert str(ROOT / "locale") in map(str, settings.LOCALE_PATHS)
