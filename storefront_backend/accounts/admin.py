"""Accounts in the operator's admin."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from storefront_backend.accounts.models import BrandMembership, User, record_address

# People see to these at /desk/account/; operators end them by `manage.py reset_second_factor`.
admin.site.unregister((EmailAddress, Authenticator, UserSession))


class BrandMembershipInline(admin.TabularInline[BrandMembership, User]):
    """The brands that a person acts for."""

    model = BrandMembership
    extra = 0


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """Django's own account pages, with the address in the place of the name."""

    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_staff", "is_marketer")
    search_fields = ("email", "first_name", "last_name")
    inlines = (BrandMembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "language", "market")}),
        ("Rights", {"fields": ("is_active", "is_marketer", "is_staff", "is_superuser", "groups")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """With the address as django-allauth knows it."""
        obj.email = obj.email.strip().lower()
        super().save_model(request, obj, form, change)
        record_address(obj)
