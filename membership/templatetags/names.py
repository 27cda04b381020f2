"""How names are set on a page."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def broken_after_dots(name: str) -> SafeString:
    """Let a long name go on behind its dot alone: 阿不都热合曼·|买买提吐尔逊; ``word-break: keep-all`` forbids the rest."""
    return mark_safe(conditional_escape(name).replace("·", "·<wbr>"))
