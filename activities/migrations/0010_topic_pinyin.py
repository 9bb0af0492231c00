"""Topics as they are spelt, so that the search finds records by sound and by initials."""

from __future__ import annotations

from django.db import migrations, models

from organizations.pinyin import spell

BATCH = 1_000


def spell_topics(apps, schema_editor) -> None:
    """Batch by batch: a province has hundreds of thousands of records."""
    rows = apps.get_model("activities", "Activity").objects.using(schema_editor.connection.alias)
    unspelt = rows.filter(topic_pinyin="").only("pk", "topic").order_by("pk")
    while batch := list(unspelt[:BATCH]):
        for activity in batch:
            activity.topic_pinyin = spell(activity.topic)
        rows.bulk_update(batch, ["topic_pinyin"], batch_size=BATCH // 2)


class Migration(migrations.Migration):
    dependencies = [("activities", "0009_undertakings")]
    operations = [
        migrations.AddField(
            model_name="activity",
            name="topic_pinyin",
            field=models.CharField(blank=True, editable=False, max_length=1500, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(spell_topics, migrations.RunPython.noop),
    ]
