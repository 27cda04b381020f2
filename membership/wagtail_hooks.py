"""What Wagtail calls: snippets, review screens, the admin's look."""
