"""A sound record of any table, made from the words of its fields."""

from __future__ import annotations

from medferry_sandbox.platform.standard import FieldWords, Standard

ORG = "12360100A00000001X"
STANDARD = Standard()
CARD_NO = "11010519491231002X"
_FIXED = {"D8": "20260115", "T6": "081000", "DT15": "20260115T081000", "L": "T", "text": "文字"}


def sample(
    table: str, *, key: str | None = None, only_required: bool = False, **changed: str | None
) -> dict[str, str]:
    """All fields (or the required ones) filled; pointers hold "K1"; `changed` replaces, None leaves out."""
    words = STANDARD.table(table)
    record = {
        field.name: _value(field) for field in words.fields if field.required == "R" or not only_required
    }
    own = key or ("K" * 22 if words.by_name[words.key_field].format == "AN22" else "K1")
    record |= {words.key_field: own, "org_code": ORG, "record_status": "1"}
    if record.get("id_type_code"):
        record["id_type_code"] = "01"
    for name in ("id_no", "certificate_no"):
        if name in record:
            record[name] = CARD_NO
    record |= {name: value for name, value in changed.items() if value is not None}
    return {name: value for name, value in record.items() if name not in changed or changed[name] is not None}


def _value(field: FieldWords) -> str:
    accepted = STANDARD.accepted(field.code_system) if field.code_system else None
    if field.points_to or field.format == "AN22":  # AN22: the institution's id and whatever points to it
        return "K" * 22 if field.format == "AN22" else "K1"
    if accepted and accepted.known:
        return min(accepted.known)
    if field.format in _FIXED:
        return _FIXED[field.format]
    kind = field.format.rstrip("0123456789,").rstrip(".")
    size = int(field.format.removeprefix(kind).lstrip(".").split(",")[0])
    exact = ".." not in field.format
    if kind == "N":
        scale = int(field.format.partition(",")[2] or 0)
        whole = "1" * size if exact and field.type != "integer" else "1"
        return f"{whole}.{'5' * scale}" if scale else whole
    return "字" * (size if exact else min(size, 4))
