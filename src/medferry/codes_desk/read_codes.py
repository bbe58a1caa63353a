"""The project's code tables read anew while it runs; its mappings are not."""

from __future__ import annotations

from medferry.config.code_files import read_code_files
from medferry.config.complaint import Complaints, Place, ProjectError
from medferry.config.model import Project
from medferry.mapping.model import CodeTable


def read_codes(project: Project) -> dict[str, CodeTable]:
    """The code tables as they are on disk now.

    raises  ProjectError: a table is damaged or gone
    """
    complaints = Complaints()
    code_files = read_code_files(project.folder, complaints)
    for name in project.codes:
        if name not in code_files:
            complaints.error(Place(f"codes/{name}.csv", 1, 1), "代码表不见了", fix="放回这个文件")
    if complaints.has_errors:
        raise ProjectError(complaints.all)
    return {name: one.table for name, one in code_files.items()}
