"""Lists of people go by syllable: 陈刚, 陈佳, and then 程伟. Names on record are spelt anew."""

from __future__ import annotations

from django.db import migrations, models

from organizations.pinyin import spell_name

AT_ONCE = 2_000


def compare_byte_by_byte(apps, schema_editor) -> None:
    """The collations of many languages pass over the blanks between syllables."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE members_person ALTER COLUMN pinyin TYPE varchar(900) COLLATE "C"'
        )


def spell_names(apps, schema_editor) -> None:
    people = apps.get_model("members", "Person").objects.using(schema_editor.connection.alias)
    keys = list(people.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        some = list(people.filter(pk__in=keys[first : first + AT_ONCE]).only("name"))
        for person in some:
            person.pinyin = spell_name(person.name)
        people.bulk_update(some, ["pinyin"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("members", "0014_transfer_code")]
    operations = [
        migrations.AlterField(
            "person", "pinyin", models.CharField(blank=True, editable=False, max_length=900)
        ),
        migrations.RunPython(compare_byte_by_byte, migrations.RunPython.noop),
        migrations.RunPython(spell_names, migrations.RunPython.noop),
    ]
