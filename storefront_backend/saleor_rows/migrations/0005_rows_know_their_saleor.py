"""Events, sales, intakes and conflicts learn the address of their Saleor.

They hung on one installation of us in it, so whatever was known before the app was removed and
installed again stayed with a token that opens nothing. Where two installations know the same thing
the newest row is kept.
"""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

MODELS = ("Conflict", "Intake", "SaleorEvent", "SaleorSale")


def learn_address(apps, schema_editor):
    installations = apps.get_model("installations", "Installation").objects
    address = installations.filter(pk=OuterRef("installation_id")).values("api_url")[:1]
    for name in MODELS:
        apps.get_model("installations", name).objects.update(api_url=Subquery(address))
    _drop_copies(apps.get_model("installations", "Intake"), "product_id", "seen_at")
    # Of two copies the one that is done already: the other must not be done a second time.
    _drop_copies(apps.get_model("installations", "SaleorEvent"), "digest", "done_at")
    _resolve_copies(apps.get_model("installations", "Conflict"))


def _drop_copies(model, field, newest):
    first = models.F(newest).desc(nulls_last=True)
    same = model.objects.filter(api_url=OuterRef("api_url"), **{field: OuterRef(field)})
    best = Subquery(same.order_by(first, "-pk").values("pk")[:1])
    copies = model.objects.annotate(best=best).exclude(pk=models.F("best"))
    model.objects.filter(pk__in=list(copies.values_list("pk", flat=True))).delete()


def _resolve_copies(model):
    is_open = model.objects.filter(resolved_at=None)
    same = is_open.filter(
        api_url=OuterRef("api_url"), subject=OuterRef("subject"), field=OuterRef("field")
    )
    best = Subquery(same.order_by("-seen_at", "-pk").values("pk")[:1])
    copies = is_open.annotate(best=best).exclude(pk=models.F("best"))
    model.objects.filter(pk__in=list(copies.values_list("pk", flat=True))).update(
        resolved_at=timezone.now()
    )


def _link(related_name):
    return models.ForeignKey(
        "installations.Installation",
        null=True,
        on_delete=models.deletion.CASCADE,
        related_name=related_name,
    )


class Migration(migrations.Migration):

    dependencies = [("installations", "0004_agreement")]

    operations = [
        *(
            migrations.AddField(name, "api_url", models.CharField(default="", max_length=300),
                                preserve_default=False)
            for name in ("conflict", "intake", "saleorevent", "saleorsale")
        ),
        migrations.AlterField("conflict", "installation", _link("conflicts")),
        migrations.AlterField("intake", "installation", _link("intakes")),
        migrations.AlterField("saleorevent", "installation", _link("events")),
        migrations.AlterField("saleorsale", "installation", _link("sales")),
        migrations.RunPython(learn_address, migrations.RunPython.noop),
    ]
