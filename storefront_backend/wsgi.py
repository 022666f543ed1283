"""The WSGI entry point: `gunicorn storefront_backend.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from storefront_backend.production import refuse_unfit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
application = get_wsgi_application()
refuse_unfit()
