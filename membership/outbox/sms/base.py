"""What every SMS backend takes, does and raises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar


class SMSNotSent(Exception):
    """
    The provider has certainly not taken the message, and a later try may help: it was throttled, busy or not reached.

    ``reason`` is for the log of support: it names no person, no number and no code. The subclasses say when no later try may be made.
    """

    later_try_may_help: ClassVar[bool] = True

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SMSRefused(SMSNotSent):
    """The provider has certainly not taken the message, nor will it: a wrong key, an unknown template, a number that is none."""

    later_try_may_help = False


class SMSOutcomeUnknown(SMSNotSent):
    """
    Nobody can say whether the provider took the message: the request was on its way, and no answer to it could be read.

    Never send it again: it may arrive twice.
    """

    later_try_may_help = False


@dataclass(frozen=True)
class TextMessage:
    """One message to one number (E.164); ``template`` and ``parameters`` say the same as ``text`` to providers with templates."""

    phone: str
    text: str
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def goes_abroad(self) -> bool:
        """Whether the number lies outside the mainland, for which providers register wordings apart."""
        return not self.phone.startswith("+86")


class Backend(ABC):
    """
    The way to one provider. Made anew for each message; whatever it needs it reads from settings.

    ``required_settings`` may not be empty; ``templates_setting`` maps our names of wordings to the provider's ids, and is empty where
    any wording may be sent. The system check names what is missing (``membership.checks``).
    """

    required_settings: ClassVar[tuple[str, ...]] = ()
    templates_setting: ClassVar[str] = ""

    @abstractmethod
    def send(self, message: TextMessage) -> str:
        """
        Hand over ``message`` and return the provider's id for it, or an empty string.

        :raises SMSNotSent: it was not taken; a later try may help.
        :raises SMSRefused: it was not taken; no later try helps.
        :raises SMSOutcomeUnknown: it may have been taken.
        """
