from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0013_one_index_of_phones"),
    ]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="to_code",
            field=models.CharField(blank=True, max_length=30, verbose_name="code of the receiver"),
        ),
    ]
