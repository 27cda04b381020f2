"""WSGI entry point: ``gunicorn --pythonpath site caca.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caca.settings.production")

application = get_wsgi_application()
