"""Questions about administrative divisions (APP-1 籍贯 and 省份/城市, APP-4)."""

from django.db.models import QuerySet

from membership.enums import DivisionLevel
from membership.models.divisions import Division

SEPARATOR = ","


def division_label(code: str) -> str:
    """
    Return the division as papers print it: "天津市,天津市,和平区", "河北省,石家庄市,长安区", "广东省,东莞市", "北京市".

    A county run by its province repeats the province for the missing middle level.

    :raises Division.DoesNotExist: no list knows the code.
    """
    return label_of(Division.objects.select_related("parent__parent").get(code=code))


def label_of(division: Division) -> str:
    """Like :func:`division_label`, for a division at hand; ``select_related("parent__parent")`` saves it two queries."""
    path = [division.name]
    above = division.parent
    while above:
        path.insert(0, above.name)
        above = above.parent
    if division.level == DivisionLevel.COUNTY and len(path) == 2:
        path.insert(0, path[0])
    return SEPARATOR.join(path)


def provinces() -> QuerySet[Division]:
    """The provinces of today, by code."""
    return Division.objects.provinces()


def children(code: str) -> QuerySet[Division]:
    """
    The divisions of today right below ``code``, by code.

    Below a province these are cities, and counties where it runs some itself; some cities have none.
    """
    return Division.objects.current().filter(parent_id=code)


def is_known_to_identity_numbers(code: str) -> bool:
    """
    Tell whether an identity number may begin with ``code``, a division of today or an abolished one.

    The lists can never be complete: False is a hint to the reviewer, never a reason to refuse (APP-4).
    """
    return Division.objects.filter(code=code, in_identity_numbers=True).exists()
