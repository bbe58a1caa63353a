"""Where editions are: in the package, or as folders `catalog/<NAME>/` of a project, laid over another edition."""

from __future__ import annotations

import re
from pathlib import Path

from medferry.catalog.files import CatalogFiles, Reader, edition_folder, editions
from medferry.catalog.load import LoadedCatalog
from medferry.errors import CatalogError

FOLDER = "catalog"
ABOUT = "edition.yaml"
BELOW = "jiangxi"  # what a folder without edition.yaml is laid over
NAME = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff_.\-]{0,40}")
LAYERS_MAX = 10


def project_editions(project: Path) -> tuple[str, ...]:
    """Names of a project's own editions."""
    found = (project / FOLDER).glob("*/") if (project / FOLDER).is_dir() else ()
    return tuple(sorted(one.name for one in found if one.is_dir() and NAME.fullmatch(one.name)))


def edition_path(name: str, project: Path) -> Path:
    """The folder of a project's edition, there or not; raises CatalogError for a name that cannot be one."""
    bare = name.removeprefix(f"{FOLDER}/").rstrip("/")
    if not NAME.fullmatch(bare) or bare in editions():
        raise CatalogError(
            "命名标准版本",
            edition=name,
            expected="字母、数字、汉字、_ . -，不与随程序附带的版本同名",
            fix="换个名字",
        )
    return project / FOLDER / bare


def load_edition(
    name: str, project: Path | None = None, *, reader: Reader = Path.read_bytes
) -> LoadedCatalog:
    """An edition of the package (`jiangxi`) or of a project (`2026`, `catalog/2026`); reads almost nothing yet.

    raises  CatalogError: no such edition, or its edition.yaml is damaged
    """
    folders: list[Path] = []
    layers: list[str] = []
    current = name
    while current not in editions():
        folder = edition_path(current, project) if project else None
        if folder is None or not folder.is_dir():
            known = [*editions(), *(project_editions(project) if project else ())]
            raise CatalogError(
                "查找标准版本", edition=current, known="、".join(known), fix="改用已有的版本名"
            )
        if folder in folders or len(folders) >= LAYERS_MAX:
            chain = " → ".join(layers)
            raise CatalogError(
                "查找标准版本", edition=name, chain=chain, fix=f"改 {ABOUT} 的 below，不要互相叠加"
            )
        folders.append(folder)
        layers.append(folder.name)
        current = _below(folder)
    files = CatalogFiles((*folders, edition_folder(current)), reader)
    return LoadedCatalog("+".join([current, *reversed(layers)]), files)


def _below(folder: Path) -> str:
    import yaml

    path = folder / ABOUT
    if not path.is_file():
        return BELOW
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogError("读取标准版本", file=path, expected="合法的 YAML", fix="检查该文件") from error
    below = data.get("below", BELOW) if isinstance(data, dict) else None
    if not isinstance(below, str):
        raise CatalogError("读取标准版本", file=path, expected="below: 版本名", fix="写上被叠加的版本名")
    return below
