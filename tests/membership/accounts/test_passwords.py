"""What a password has to be, and how it is stored."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from membership.accounts.hashers import Argon2Hasher
from membership.accounts.passwords import LettersAndDigitsValidator, OwnNumberValidator
from membership.models import User


class TestLettersAndDigits:  # ACC-1
    @pytest.mark.parametrize("password", ["Haihe2026", "密码2026年天津", "a 1 b 2 c 3", "Ａ１ｂ２ｃ３ｄ４", "🙂a1🙂🙂🙂🙂🙂"])
    def test_letters_of_any_script_and_digits_will_do(self, password):
        LettersAndDigitsValidator().validate(password)

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("20261125", "password_without_letters"),
            ("tianjinhaihe", "password_without_digits"),
            ("        ", "password_without_letters_and_digits"),
            ("🙂🙂🙂🙂🙂🙂🙂🙂", "password_without_letters_and_digits"),
        ],
    )
    def test_the_refusal_names_what_is_missing(self, password, code):
        with pytest.raises(ValidationError) as refusal:
            LettersAndDigitsValidator().validate(password)

        assert refusal.value.code == code


class TestOwnNumber:  # ACC-1
    def test_a_password_does_not_hold_the_own_number(self):
        with pytest.raises(ValidationError):
            OwnNumberValidator().validate("wang18800000001", User(phone="+8618800000001"))

    def test_another_number_is_no_matter(self):
        OwnNumberValidator().validate("wang18800000002", User(phone="+8618800000001"))

    def test_an_account_without_a_number_is_asked_nothing(self):
        OwnNumberValidator().validate("wang18800000002", User())
        OwnNumberValidator().validate("wang18800000002")


class TestThePolicy:  # ACC-1
    @pytest.mark.parametrize("password", ["Haihe26", "password1", "abc123456", "18800000001a"])
    def test_short_common_and_own_number_are_refused(self, password):
        with pytest.raises(ValidationError):
            validate_password(password, User(phone="+8618800000001"))

    def test_every_refusal_is_in_chinese(self):
        with pytest.raises(ValidationError) as refusal:
            validate_password("abc123", User(phone="+8618800000001"))

        assert refusal.value.messages == ["密码太短，请设置至少 8 位", "这个密码太常见，容易被猜到，请换一个"]

    def test_two_hundred_characters_are_welcome(self):
        validate_password("a1" * 100, User(phone="+8618800000001"))


class TestHasher:
    def test_a_password_is_stored_as_argon2_with_19_mib_two_passes_one_lane(self, settings):
        settings.PASSWORD_HASHERS = ["membership.accounts.hashers.Argon2Hasher"]

        stored = make_password("Haihe-2026")

        assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
        assert check_password("Haihe-2026", stored)
        assert not Argon2Hasher().must_update(stored)
