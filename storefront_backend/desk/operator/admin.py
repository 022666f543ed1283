"""What Django's admin finds here: one module a subject."""

from storefront_backend.desk.operator import saleor

__all__ = ["saleor"]
