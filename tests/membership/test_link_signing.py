import base64
import string
from itertools import product

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from membership import link_signing
from membership.link_signing import Forged, SignedNumber

GUIDE_SAMPLE = "M1650002054A"
NUMBER = "M1650002055L"
FIRST = "A1:" + base64.urlsafe_b64encode(b"the first seed of 32 bytes......").decode()
SECOND = "B2:" + base64.urlsafe_b64encode(b"the second seed of 32 bytes.....").decode()

unhurried = hypothesis_settings(derandomize=True, deadline=None)
ten_digits = st.text("0123456789", min_size=10, max_size=10)


@pytest.fixture(autouse=True)
def keys(settings):
    settings.CERTIFICATE_KEYS = [FIRST]


def is_refused(token):
    try:
        link_signing.read(token)
    except Forged:
        return True
    return False


class TestCheckLetter:  # N-6, N-8
    def test_the_number_in_the_guide_passes(self):
        assert link_signing.check_letter("1650002054") == "A"
        assert link_signing.is_well_formed(GUIDE_SAMPLE)

    @pytest.mark.parametrize("digits", ["", "165000205", "16500020540", "165000205A", "\uff11650002054"])
    def test_it_closes_ten_digits_only(self, digits):
        with pytest.raises(ValueError, match="10位"):
            link_signing.check_letter(digits)

    @unhurried
    @given(ten_digits, st.integers(0, 9), st.integers(1, 9))
    def test_every_single_wrong_digit_shows(self, digits, place, shift):
        wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]

        assert link_signing.check_letter(wrong) != link_signing.check_letter(digits)

    @unhurried
    @given(ten_digits, st.integers(0, 8))
    def test_every_swap_of_neighbours_shows(self, digits, place):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

        same = link_signing.check_letter(swapped) == link_signing.check_letter(digits)
        assert same == (swapped == digits)

    @unhurried
    @given(ten_digits)
    def test_it_is_never_a_letter_that_looks_like_a_digit(self, digits):
        assert link_signing.check_letter(digits) not in "IOQ"


class TestNumberOf:  # N-4, N-6
    def test_a_serial_becomes_a_number(self):
        assert link_signing.number_of(2054, "165") == GUIDE_SAMPLE

    @unhurried
    @given(st.integers(1, 9_999_999))
    def test_every_number_given_out_is_well_formed(self, serial):
        assert link_signing.is_well_formed(link_signing.number_of(serial, "165"))

    @pytest.mark.parametrize(
        ("serial", "issuer"), [(0, "165"), (-1, "165"), (10_000_000, "165"), (1, "16"), (1, "1650"), (1, "16A"), (1, "")]
    )
    def test_a_serial_or_issuer_that_does_not_fit_is_refused(self, serial, issuer):
        with pytest.raises(ValueError, match="位"):
            link_signing.number_of(serial, issuer)


class TestShape:  # N-6
    @pytest.mark.parametrize("number", ["M1650002054B", "M1650002054I", "M1650002045A"])
    def test_a_wrong_letter_still_looks_issued(self, number):
        assert link_signing.looks_issued(number)
        assert not link_signing.is_well_formed(number)

    @pytest.mark.parametrize(
        "number",
        [
            "",
            "M165000205A",
            "M16500020544A",
            "1650002054A",
            "m1650002054a",
            "X1650002054A",
            "M1650002054A\n",
            "M１650002054A",
            "CACA-2019-0031",
        ],
    )
    def test_any_other_shape_may_be_a_former_system_s(self, number):
        assert not link_signing.looks_issued(number)
        assert not link_signing.is_well_formed(number)

    @pytest.mark.parametrize(
        "typed", ["m1650002054a", " M165 0002 054A ", "Ｍ１６５０００２０５４Ａ", "M-1650002054-A", "M1650002054A\n", "M1650002054A\u200b"]
    )
    def test_a_number_typed_differently_is_one(self, typed):
        assert link_signing.normalise(typed) == GUIDE_SAMPLE


class TestSign:  # N-3
    def test_a_link_names_number_edition_and_key(self):
        number, edition, key_id, signature = link_signing.sign(NUMBER, 3).split(".")

        assert (number, edition, key_id, len(signature)) == (NUMBER, "3", "A1", 103)

    def test_it_keeps_to_the_alphabet_of_a_coarse_qr_code(self):
        assert set(link_signing.sign(NUMBER, 1)) <= set(string.ascii_uppercase + string.digits + ".")

    def test_printed_links_stay_as_they_are_from_release_to_release(self):
        assert link_signing.sign(NUMBER, 1) == (
            "M1650002055L.1.A1.MCF2L3ZXO4NAQO6TXVGERC22WZW6E5LUF2MU5OYTWOYJ3I75OUW4QJMC4BJLGRNKI5ZWGBEF56LRBACPVRRWE3B3A6UIJD3CT5GQKBQ"
        )

    def test_the_newest_key_signs(self, settings):
        settings.CERTIFICATE_KEYS = [SECOND, FIRST]

        assert link_signing.read(link_signing.sign(NUMBER, 1)).key_id == "B2"

    @pytest.mark.parametrize(
        ("number", "edition"), [("m1650002054a", 1), ("M1.2", 1), ("", 1), ("M" * 21, 1), (NUMBER, 0), (NUMBER, -1), (NUMBER, 10**6)]
    )
    def test_what_could_not_be_read_back_is_not_signed(self, number, edition):
        with pytest.raises(ValueError, match="不能签发"):
            link_signing.sign(number, edition)


class TestRead:  # N-3, Table D: forged
    @unhurried
    @given(st.integers(1, 9_999_999), st.integers(1, 999_999))
    def test_what_was_signed_is_read(self, serial, edition):
        number = link_signing.number_of(serial, "165")

        assert link_signing.read(link_signing.sign(number, edition))[:2] == (number, edition)

    def test_upper_and_lower_case_are_one(self):
        token = link_signing.sign(NUMBER, 2)

        assert link_signing.read(token.lower()) == SignedNumber(NUMBER, 2, "A1")
        assert link_signing.read(token.swapcase()[:40] + token[40:]) == SignedNumber(NUMBER, 2, "A1")

    def test_no_single_character_can_be_changed(self):
        token = link_signing.sign(NUMBER, 12)
        alphabet = string.ascii_uppercase + string.digits + "."

        changed = [
            token[:place] + other + token[place + 1 :] for place, other in product(range(len(token)), alphabet) if other != token[place]
        ]
        assert all(is_refused(forgery) for forgery in changed)

    def test_a_signature_of_another_edition_does_not_serve(self):
        signature = link_signing.sign(NUMBER, 1).rpartition(".")[2]

        assert is_refused(f"{NUMBER}.2.A1.{signature}")
        assert is_refused(f"{NUMBER}.01.A1.{signature}")

    def test_a_signature_of_another_key_does_not_serve(self, settings):
        token = link_signing.sign(NUMBER, 1)

        settings.CERTIFICATE_KEYS = ["A1:" + SECOND.partition(":")[2]]
        assert is_refused(token)

    def test_a_key_taken_from_the_list_takes_its_links_along(self, settings):
        token = link_signing.sign(NUMBER, 1)

        settings.CERTIFICATE_KEYS = [SECOND, FIRST]
        assert not is_refused(token)

        settings.CERTIFICATE_KEYS = [SECOND]
        assert is_refused(token)

    @pytest.mark.parametrize(
        "garbage",
        [
            "",
            ".",
            "...",
            NUMBER,
            f"{NUMBER}.1.A1.",
            f"{NUMBER}.1.A1." + "A" * 103,
            f"{NUMBER}.1.A1." + "7" * 103,
            f"{NUMBER}.1.ZZ." + "A" * 103,
            f"{NUMBER}.0.A1." + "A" * 103,
            f"{NUMBER}.1.A1." + "A" * 102 + "=",
            "A" * 10_000,
            "." * 10_000,
            "\x00" * 120,
            "%2e%2e/%2e%2e",
            "王" * 120,
            "'; DROP TABLE certificate; --",
        ],
    )
    def test_garbage_is_forged(self, garbage):
        assert is_refused(garbage)

    @pytest.mark.parametrize(("letter", "look_alike"), [("S", "ſ"), ("I", "ı"), ("A", "Ａ"), ("1", "１")])
    def test_letters_that_case_folding_would_turn_into_ours_are_forged(self, letter, look_alike):
        token = link_signing.sign(NUMBER, 1)

        assert letter not in token or is_refused(token.replace(letter, look_alike))

    @pytest.mark.parametrize("around", [" {}", "{} ", "{}\n", "{}=", "/{}", "{}."])
    def test_nothing_may_stand_around_it(self, around):
        assert is_refused(around.format(link_signing.sign(NUMBER, 1)))

    @unhurried
    @given(st.text(max_size=150))
    def test_no_text_ends_in_another_error(self, text):
        assert is_refused(text)

    def test_the_message_is_for_people(self):
        assert str(Forged()) == "无效编号或链接"


class TestPublicKeys:
    def test_they_are_published_newest_first(self, settings):
        settings.CERTIFICATE_KEYS = [SECOND, FIRST]

        assert list(link_signing.public_keys()) == ["B2", "A1"]

    def test_anybody_can_verify_a_link_with_them(self):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        signed, _, signature = link_signing.sign(NUMBER, 1).rpartition(".")
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(link_signing.public_keys()["A1"]))

        key.verify(base64.b32decode(signature + "="), signed.encode())

    def test_they_do_not_hold_the_seed(self):
        seed = base64.urlsafe_b64decode(FIRST.partition(":")[2])

        assert base64.b64decode(link_signing.public_keys()["A1"]) != seed


class TestKeys:
    @pytest.mark.parametrize(
        "entries",
        [
            [],
            [""],
            ["A1"],
            [":" + FIRST.partition(":")[2]],
            ["a1:" + FIRST.partition(":")[2]],
            ["Ä:" + FIRST.partition(":")[2]],
            ["A.1:" + FIRST.partition(":")[2]],
            ["TOOLONGID:" + FIRST.partition(":")[2]],
            ["A1:MDEyMw=="],
            ["A1:not base64"],
            [FIRST, FIRST],
        ],
    )
    def test_missing_and_malformed_keys_stop_with_the_name_of_the_setting(self, settings, entries):
        settings.CERTIFICATE_KEYS = entries

        with pytest.raises(ImproperlyConfigured, match="CERTIFICATE_KEYS"):
            link_signing.sign(NUMBER, 1)

    def test_a_malformed_seed_is_not_repeated_in_the_message(self, settings):
        settings.CERTIFICATE_KEYS = ["A1:secretbutwrong"]

        with pytest.raises(ImproperlyConfigured) as caught:
            link_signing.public_keys()
        assert "secretbutwrong" not in str(caught.value)
