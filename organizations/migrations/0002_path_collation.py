"""Paths compare byte by byte on every database, so that a subtree is one indexed range."""

from __future__ import annotations

from django.db import migrations


def use_c_collation(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE organizations_unit ALTER COLUMN path TYPE varchar(255) COLLATE "C"'
        )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]
    operations = [migrations.RunPython(use_c_collation, migrations.RunPython.noop)]
