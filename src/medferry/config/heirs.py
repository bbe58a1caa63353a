"""Who answers for rows that a route left behind: a mapping file may be renamed, and the ledger remembers the old name."""

from __future__ import annotations

from medferry.config.model import Project, Route


class Heirs:
    """Of each row kept, the route that works it now."""

    def __init__(self, project: Project) -> None:
        self._routes = {route.id: route for route in project.routes}

    def of(self, route: str, table: str, campus: str) -> Route | None:
        """The route that read the row; once that is no longer in the project, the only one of the same source that gives the
        row's table for its campus, else the only one of any source. None: there is none, or more than one."""
        if route in self._routes:
            return self._routes[route]
        source = route.partition(".")[0]
        able = [one for one in self._routes.values() if table in one.tables and one.campus.id == campus]
        for candidates in ([one for one in able if one.source == source], able):
            if len(candidates) == 1:
                return candidates[0]
            if candidates:
                return None
        return None

    def is_gone(self, route: str) -> bool:
        return route not in self._routes
