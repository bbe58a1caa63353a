"""Records as an edition names their fields, brought to the names that this platform keeps and judges by.

What an edition says that no record carries, the platform knows by itself: whose the record is from the envelope, the time
of a version from its arrival, and that it is valid.
"""

from __future__ import annotations

from typing import Any, Final

from medferry_sandbox.platform.standard import TableWords

_VALID: Final = "1"
_STRANGE: Final = (
    " {}"  # a field called by our name where the edition has another: no field of the platform's
)


def in_our_names(table: TableWords, record: dict[str, Any], org_code: str, at: str) -> dict[str, Any]:
    """The record itself where the edition renames nothing.

    at  when it arrived, yyyyMMddHHmmssSSS
    """
    if not table.renamed and not table.not_sent:
        return record
    ours: dict[str, Any] = {}
    for name, value in record.items():
        if name in table.renamed:
            ours[table.renamed[name]] = value
        else:
            field = table.by_name.get(name)
            ours[name if field is None or field.wire == name else _STRANGE.format(name)] = value
    arrived = f"{at[:8]}T{at[8:14]}"
    known = {"org_code": org_code, "created_at": arrived, "updated_at": arrived, "record_status": _VALID}
    return ours | {name: value for name, value in known.items() if name in table.not_sent}
