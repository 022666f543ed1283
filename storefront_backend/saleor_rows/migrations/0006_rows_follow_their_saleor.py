"""Events, sales, intakes and conflicts belong to a Saleor, and to no installation of us in it."""

from django.db import migrations, models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When

MODELS = ("Conflict", "Intake", "SaleorEvent", "SaleorSale")


def link_to_installation(apps, schema_editor):
    """Backwards: each row hangs on the active installation of its Saleor, or on the newest."""
    installations = apps.get_model("installations", "Installation").objects
    active_first = Case(When(state="active", then=Value(0)), default=Value(1))
    found = installations.filter(api_url=OuterRef("api_url")).order_by(active_first, "-pk")
    for name in MODELS:
        rows = apps.get_model("installations", name).objects
        rows.update(installation_id=Subquery(found.values("pk")[:1]))


class Migration(migrations.Migration):

    dependencies = [("installations", "0005_rows_know_their_saleor")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, link_to_installation),
        migrations.RemoveConstraint("conflict", "one_open_conflict_a_field"),
        migrations.RemoveConstraint("intake", "one_intake_a_product"),
        migrations.RemoveConstraint("saleorevent", "the_same_event_is_one_row"),
        migrations.RemoveIndex("saleorevent", "event_newest"),
        migrations.RemoveField("conflict", "installation"),
        migrations.RemoveField("intake", "installation"),
        migrations.RemoveField("saleorevent", "installation"),
        migrations.RemoveField("saleorsale", "installation"),
        migrations.AlterField(
            "saleorsale", "order_id", models.CharField(blank=True, max_length=120)
        ),
        migrations.AddConstraint(
            "conflict",
            models.UniqueConstraint(
                condition=Q(resolved_at=None),
                fields=("api_url", "subject", "field"),
                name="one_open_conflict_a_field",
            ),
        ),
        migrations.AddConstraint(
            "intake",
            models.UniqueConstraint(fields=("api_url", "product_id"), name="one_intake_a_product"),
        ),
        migrations.AddConstraint(
            "saleorevent",
            models.UniqueConstraint(
                fields=("api_url", "digest"), name="the_same_event_is_one_row"
            ),
        ),
        migrations.AddIndex(
            "saleorevent",
            models.Index(fields=["api_url", "name", "subject", "-issued_at"], name="event_newest"),
        ),
        migrations.AddIndex(
            "saleorsale", models.Index(fields=["api_url", "order_id"], name="sale_of_an_order")
        ),
    ]
