"""Codes: what the session keeps of them, and how people type them."""

import pytest

from membership.accounts import codes


class TestFingerprint:  # ACC-5
    def test_a_fingerprint_does_not_contain_its_code(self):
        assert "204816" not in codes.fingerprint("204816")

    def test_the_same_code_leaves_another_fingerprint_each_time(self):
        assert codes.fingerprint("204816") != codes.fingerprint("204816")

    def test_only_its_own_code_fits(self):
        stored = codes.fingerprint("204816")

        assert codes.is_code_of(stored, "204816")
        assert not codes.is_code_of(stored, "204817")

    def test_without_the_sites_key_a_code_does_not_fit(self, settings):
        stored = codes.fingerprint("204816")
        settings.SECRET_KEY = "another"

        assert not codes.is_code_of(stored, "204816")

    def test_nothing_fits_where_nothing_was_stored(self):
        assert not codes.is_code_of("", "")
        assert codes.fingerprint_like("", "204816") == ""


class TestTyping:
    @pytest.mark.parametrize("text", ["204816", " 204 816 ", "２０４８１６", "204-816", "204\u3000816"])
    def test_spaces_hyphens_and_full_width_digits_do_not_matter(self, text):
        assert codes.as_typed(text) == "204816"

    def test_letters_stay_and_fail(self):
        assert not codes.is_code_of(codes.fingerprint("204816"), codes.as_typed("2O4816"))
