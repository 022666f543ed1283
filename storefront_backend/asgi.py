"""The ASGI entry point, for operators who serve asynchronously."""

import os

from django.core.asgi import get_asgi_application

from storefront_backend.production import refuse_unfit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
application = get_asgi_application()
refuse_unfit()
