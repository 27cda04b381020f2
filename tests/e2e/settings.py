"""
As `make run`, but for static files, of which a page has dozens: read at the start, and kept by the browser from page to page. Else they are
twenty of every twenty-one requests.
"""

from caca.settings.development import *  # noqa: F403

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
