"""What a password has to be, beside Django's own checks (ACC-1). Each refusal says the repair."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Enough of a number to guess the rest by; fewer digits turn up by chance.
DIGITS_OF_THE_NUMBER = 8


# Longer than any password manager's; beyond it a form is an attack or a mistake.
MOST_CHARACTERS = 256


class LengthValidator(password_validation.MinimumLengthValidator):
    """Django's, in words that say the repair; its translation of this sentence is missing. There is an upper limit too."""

    def validate(self, password: str, user=None) -> None:
        """
        Accept ``password``.

        :raises ValidationError: it is too short, or longer than ``MOST_CHARACTERS``.
        """
        super().validate(password, user)
        if len(password) > MOST_CHARACTERS:
            raise ValidationError(_("密码太长，请设置 %(most)d 位以内") % {"most": MOST_CHARACTERS}, code="password_too_long")

    def get_error_message(self) -> str:  # Django's name
        return _("密码太短，请设置至少 %(min_length)d 位") % {"min_length": self.min_length}


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list of the 20,000 most common passwords, in words that say the repair."""

    def get_error_message(self) -> str:  # Django's name
        return _("这个密码太常见，容易被猜到，请换一个")


class LettersAndDigitsValidator:
    """A password holds at least one letter, of whatever script, and one digit."""

    def validate(self, password: str, user=None) -> None:
        """
        Accept ``password``.

        :raises ValidationError: it has no letter, or no digit.
        """
        has_letter = any(character.isalpha() for character in password)
        has_digit = any(character.isdecimal() for character in password)
        if not has_letter and not has_digit:
            raise ValidationError(_("密码里要有字母和数字，请修改"), code="password_without_letters_and_digits")
        if not has_letter:
            raise ValidationError(_("密码里没有字母，请再加上字母"), code="password_without_letters")
        if not has_digit:
            raise ValidationError(_("密码里没有数字，请再加上数字"), code="password_without_digits")

    def get_help_text(self) -> str:  # Django's name
        return _("同时含字母和数字")


class OwnNumberValidator:
    """
    A password does not hold the account's own telephone number.

    Django's similarity check looks at attributes that are text; the number is an object, so it would never be compared.
    """

    def validate(self, password: str, user=None) -> None:
        """
        Accept ``password`` for ``user``, who may be None or have no number.

        :raises ValidationError: the last digits of the number are in it.
        """
        number = user.get_username() if user is not None else ""
        if number and number[-DIGITS_OF_THE_NUMBER:] in password:
            raise ValidationError(_("密码里不要用您的手机号，请换一个"), code="password_holds_the_number")

    def get_help_text(self) -> str:  # Django's name
        return _("不含您的手机号")
