"""Products in the operator's admin."""

from __future__ import annotations

import pytest
from django.test import Client

from storefront_backend.accounts.models import User
from storefront_backend.catalog.admin import ProductForm
from storefront_backend.catalog.models import Product
from storefront_backend.catalog.slugs import change_slug
from tests.builders import make_product, make_shop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("slug", "reason"), [("taken", "Another product has"), ("former", "Another product had")]
)
def test_a_taken_address_is_an_error_at_its_field(client: Client, slug: str, reason: str) -> None:
    client.force_login(User.objects.create_superuser("operator@example.com", "secret"))
    product, other = make_shop().product, make_product()
    change_slug(other, "former")
    change_slug(other, "taken")
    path = f"/admin/catalog/product/{product.pk}/change/"
    form = client.get(path).context["adminform"].form
    assert isinstance(form, ProductForm)
    answer = client.post(path, {**filled(form), "slug": slug})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["slug"] == [f"{reason} the address {slug}"]
    assert Product.objects.get(pk=product.pk).slug == product.slug


def filled(form: ProductForm) -> dict[str, object]:
    """What a browser sends of the form as it is, without its variants."""
    values = {each.html_name: each.value() for each in form}
    empty = {f"variants-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {name: value for name, value in values.items() if value is not None} | empty
