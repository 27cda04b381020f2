"""
The wordings registered with a provider: providers in mainland China send no others.

Tencent numbers the places of a wording, {1}, {2} …: register them there in the order in which they stand here. Aliyun knows them by
these names, ${applicant}.
"""

from django.conf import settings

from membership.outbox.sms.base import SMSRefused, TextMessage

# Our names of the wordings that let people in.
CODES_BEGIN_WITH = "account_"
# The places of every wording that is sent as a text message, in the order of its delivered Chinese text. A test keeps both together.
PLACES: dict[str, tuple[str, ...]] = {
    "account_code": ("code",),
    "account_already_registered": (),
    "account_number_in_use": (),
    "endorsement-asked": ("applicant", "due"),
    "endorsement-declined": (),
    "endorsement-timed-out": (),
    "activation-approved": ("member_number",),
    "amendment-approved": ("what",),
    "file-refused": (),
    "file-not-accepted": (),
    "row-approved-first": ("member_number",),
    "row-approved": ("institution",),
    "row-refused": ("institution",),
    "file-returned-by-rows": (),
    "form-reminder": (),
    "limit-reached": (),
    "review-late": ("due",),
}


def provider_id(message: TextMessage, setting: str) -> str:
    """
    Return the provider's id of the message's wording, from the mapping in ``setting``; abroad ``setting`` with ``_ABROAD`` goes first.

    :raises SMSRefused: there is none.
    """
    ids = getattr(settings, setting)
    if message.goes_abroad:
        ids = {**ids, **getattr(settings, f"{setting}_ABROAD")}
    found = ids.get(message.template)
    if not found:
        raise SMSRefused(f"{setting} has no template for {message.template or 'a wording without a name'}")
    return str(found)


def values(message: TextMessage) -> dict[str, str]:
    """
    Return what fills the places of the message's wording, in their order, and nothing else the message may bear.

    :raises SMSRefused: the wording is unknown, or a place of it stays empty.
    """
    places = PLACES.get(message.template)
    if places is None:
        raise SMSRefused(f"The places of {message.template or 'a wording without a name'} are not known")
    missing = [place for place in places if place not in message.parameters]
    if missing:
        raise SMSRefused(f"Nothing fills the places {', '.join(missing)} of {message.template}")
    return {place: str(message.parameters[place]) for place in places}
