"""Questions about administrative divisions (APP-1 籍贯 and 省份/城市, APP-4)."""

from django.core.cache import cache
from django.db.models import QuerySet

from membership.enums import DivisionLevel
from membership.models.divisions import Division

KNOWN_SECONDS = 3600  # the lists change with a release
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
    path = [one.name for one in path_of(division)]
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


def cities(code: str) -> QuerySet[Division]:
    """
    The second step of 省份/城市 below a province: its cities and the counties it runs itself, by code.

    Empty where the province is a city of its own, as Beijing and Hong Kong are: below it are only districts.
    """
    below = children(code)
    return below if below.filter(level=DivisionLevel.CITY).exists() else below.none()


def is_whole_origin(division: Division) -> bool:
    """Whether a 籍贯 goes as far down as there are divisions: to the county, or to a city without counties."""
    return division.level == DivisionLevel.COUNTY or not children(division.code).exists()


def is_whole_region(division: Division) -> bool:
    """Whether a 省份/城市 names the city too, where its province has cities."""
    return division.level != DivisionLevel.PROVINCE or not cities(division.code).exists()


def path_of(division: Division) -> list[Division]:
    """Return the divisions from the province down to this one."""
    path = [division]
    while path[0].parent:
        path.insert(0, path[0].parent)
    return path


def issued_in(code: str) -> str:
    """
    Return the place that gives out identity numbers beginning with ``code``: 「天津市河西区」, 「河北省石家庄市长安区」.

    Empty for a code that no list knows (APP-4).
    """
    place = Division.objects.select_related("parent__parent").filter(code=code, in_identity_numbers=True).first()
    return "".join(dict.fromkeys(one.name for one in path_of(place))) if place else ""


def is_known_to_identity_numbers(code: str) -> bool:
    """
    Tell whether an identity number may begin with ``code``, a division of today or an abolished one.

    The lists can never be complete: False is a hint to the reviewer, never a reason to refuse (APP-4).
    """
    key = f"division.identity.{code}"
    known = cache.get(key)
    if known is None:
        known = Division.objects.filter(code=code, in_identity_numbers=True).exists()
        cache.set(key, known, KNOWN_SECONDS)
    return known
