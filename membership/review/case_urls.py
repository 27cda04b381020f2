"""The addresses of a case: its screen and the acts on it. Each says which list one came from, so that the way on keeps it (REV-12)."""

from urllib.parse import urlencode

from django.urls import reverse

LIST_PARAMETER = "list"


def case_url(url_prefix: str, action: str, pk: int, list_query: str = "") -> str:
    """Return the address of an act (``open``: the screen) on a case of a desk; ``list_query``: the query of the list's URL."""
    return with_query(reverse(f"{url_prefix}_{action}", args=[pk]), urlencode({LIST_PARAMETER: list_query}) if list_query else "")


def with_query(url: str, query: str) -> str:
    """Return an address with a query, or as it is where there is none."""
    return f"{url}?{query}" if query else url
