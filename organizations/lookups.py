"""`field__among=[…]`: one of many values, given to the database as one parameter.

`__in` writes a placeholder for each value, which costs more to put together than to answer, and
SQLite takes a limited number of them.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models


@models.CharField.register_lookup
@models.UUIDField.register_lookup
class Among(models.Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[Any]]:
        field = self.lhs.output_field
        values = [field.get_db_prep_value(one, connection) for one in value]
        return "%s", [values if connection.vendor == "postgresql" else json.dumps(values)]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        if connection.vendor == "postgresql":
            condition = f"{left} = ANY({right})"
        else:
            condition = f"{left} IN (SELECT value FROM json_each({right}))"  # noqa: S608
        return condition, (*left_params, *right_params)
