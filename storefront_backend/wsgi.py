"""The WSGI entry point: `gunicorn storefront_backend.wsgi`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from storefront_backend.database_url import limit_queries
from storefront_backend.production import refuse_unfit
from storefront_backend.request_text import utf_8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
application = utf_8_only(get_wsgi_application())
refuse_unfit()
for alias, database in connections.settings.items():
    connections.settings[alias] = limit_queries(
        database,
        statement_seconds=settings.WEB_STATEMENT_SECONDS,
        idle_seconds=settings.WEB_REQUEST_SECONDS,
    )
