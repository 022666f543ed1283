"""Campaigns in the admin."""

from django.contrib import admin

from storefront_backend.campaigns.models import Campaign, Partner, Story

admin.site.register((Campaign, Partner, Story))
