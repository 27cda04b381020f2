"""What stands beside a date that is counted in working days."""

from datetime import date

from django import template

from membership.domain import deadlines

register = template.Library()


@register.filter
def due_note(day: date | None) -> str:
    """Return, in brackets, that a date rests on a year nobody knows yet (暂按周一至周五…); else nothing."""
    note = deadlines.note_on(day)
    return f"（{note}）" if note else ""
