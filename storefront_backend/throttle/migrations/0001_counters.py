from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('key', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ],
        ),
        # Counting writes no log: a crash of the database may forget the last hour's counts.
        migrations.RunSQL(
            "ALTER TABLE throttle_counter SET UNLOGGED",
            "ALTER TABLE throttle_counter SET LOGGED",
        ),
        # Where the counts were kept before.
        migrations.RunSQL("DROP TABLE IF EXISTS cache", migrations.RunSQL.noop),
    ]
