"""What every SMS backend takes, does and raises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field


class SMSNotSent(Exception):
    """
    The provider did not take the message. ``reason`` is for the log of support: it names no person, no number and no code.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class TextMessage:
    """One message to one number (E.164); ``template`` and ``parameters`` say the same as ``text`` to providers with templates."""

    phone: str
    text: str
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


class Backend(ABC):
    """The way to one provider. Made anew for each message; whatever it needs it reads from settings."""

    @abstractmethod
    def send(self, message: TextMessage) -> str:
        """
        Hand over ``message`` and return the provider's id for it, or an empty string.

        :raises SMSNotSent: it was not taken.
        """
