"""What Wagtail calls: snippets, review screens, the admin's look. Wiring only."""

from wagtail.snippets.models import register_snippet

from membership.review.snippets import snippet_groups

for group in snippet_groups:
    register_snippet(group)
