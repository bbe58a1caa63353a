"""What takes part: example projects with a `real.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from medferry.errors import ConfigError

EXAMPLES = Path(__file__).resolve().parent.parent
ABOUT = "real.yaml"
ServerKind = Literal["postgresql", "mariadb"]
_KEYS = frozenset({"title", "dump", "server", "database", "url_variable", "tables_aim"})
_DATABASE_START = "medferry_real_"  # it is dropped: never one that somebody else made


@dataclass(frozen=True, slots=True)
class RealProject:
    """One real system. `dump` is relative to the folder of dumps."""

    name: str
    folder: Path
    title: str
    dump: Path
    server: ServerKind
    database: str
    url_variable: str
    tables_aim: int


def real_projects(examples: Path = EXAMPLES) -> list[RealProject]:
    """All of them, by name; raises ConfigError for a `real.yaml` that cannot be used."""
    return [_read(path) for path in sorted(examples.glob(f"*/{ABOUT}"))]


def _read(path: Path) -> RealProject:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or set(said) != _KEYS:
        raise ConfigError("读取 real.yaml", fix=f"应恰有这些键：{'、'.join(sorted(_KEYS))}", file=str(path))
    if said["server"] not in get_args(ServerKind):
        raise ConfigError(
            "读取 real.yaml", fix=f"server 应为 {' 或 '.join(get_args(ServerKind))}", file=str(path)
        )
    if not str(said["database"]).startswith(_DATABASE_START):
        raise ConfigError(
            "读取 real.yaml", fix=f"database 每次重建，名字须以 {_DATABASE_START} 开头", file=str(path)
        )
    return RealProject(
        name=path.parent.name,
        folder=path.parent,
        title=str(said["title"]),
        dump=Path(said["dump"]),
        server=cast(ServerKind, said["server"]),
        database=str(said["database"]),
        url_variable=str(said["url_variable"]),
        tables_aim=int(said["tables_aim"]),
    )
