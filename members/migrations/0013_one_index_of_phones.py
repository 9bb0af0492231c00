from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_looked_at_by_the_worker"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="phone_index",
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["phone_index"], name="person_by_phone"),
        ),
    ]
