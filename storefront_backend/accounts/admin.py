"""Accounts in the operator's admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from storefront_backend.accounts.models import BrandMembership, User


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
