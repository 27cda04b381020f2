"""``{{ facts|json_ld }}``: facts for search engines as a block of data."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# As in ``django.utils.html.json_script``, whose type is fixed: no text of an editor may end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def json_ld(facts: dict[str, Any]) -> SafeString:
    """Return the element that holds ``facts``. It is data, nothing runs, so the content security policy has nothing to allow."""
    text = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))
