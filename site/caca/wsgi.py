"""WSGI entry point: ``gunicorn --pythonpath site caca.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caca.settings.production")

application = get_wsgi_application()

# After Django is set up: the first document of a new process then costs no more than the next.
from membership.documents import fonts  # noqa: E402

fonts.warm_up()
