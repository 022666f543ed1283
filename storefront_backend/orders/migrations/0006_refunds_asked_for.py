"""Refunds from before name the request that they answer: by the sandbox's name, or by the amount."""

from django.db import migrations


def name_requests(apps, schema_editor):
    Event = apps.get_model("orders", "TransactionEvent")
    Request = apps.get_model("orders", "TransactionRequest")
    for request in Request.objects.filter(kind="refund", state="done").order_by("pk"):
        found = Event.objects.filter(
            transaction=request.transaction_id, kind="refunded", amount=request.amount, request=""
        ).order_by("occurred_at", "pk")
        event = found.filter(event_id__endswith=f".{request.reference}").first() or found.first()
        if event is not None:
            event.request = request.reference
            event.save(update_fields=("request",))


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_provider_books")]
    operations = [migrations.RunPython(name_requests, migrations.RunPython.noop)]
