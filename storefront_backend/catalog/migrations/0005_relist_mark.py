from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_sheet_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='relist_asked_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('relist_asked_at__isnull', False)), fields=['relist_asked_at'], name='product_to_relist'),
        ),
    ]
