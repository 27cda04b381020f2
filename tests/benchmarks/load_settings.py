"""The settings of the bench with the database of LOAD_DATABASE_URL."""

import os

import environ

from tests.benchmarks.settings import *  # noqa: F403

DATABASES["default"].update({"OPTIONS": {}, **environ.Env.db_url_config(os.environ["LOAD_DATABASE_URL"])})  # noqa: F405
