"""Destinations by the `type:` a project writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import ValidationError

from medferry.catalog.platform.profile import load_profile
from medferry.clock import Clock
from medferry.crypto.provider import CryptoProvider
from medferry.destinations.destination import Destination
from medferry.destinations.rest import Rest
from medferry.destinations.settings import Addresses, RestSettings
from medferry.errors import ConfigError

Open = Callable[[Mapping[str, object], Addresses, Clock, CryptoProvider], Destination]


def open_destination(
    settings: Mapping[str, object], *, addresses: Addresses, clock: Clock, crypto: CryptoProvider
) -> Destination:
    """The destination that a project's `destination:` describes; connects to nothing yet.

    Raises ConfigError with every complaint about the settings, CatalogError for its profile.
    """
    kind = settings.get("type")
    if not isinstance(kind, str) or kind not in DESTINATIONS:
        raise ConfigError(
            "读取 destination", type=kind, known="、".join(sorted(DESTINATIONS)), fix="改用已有的类型"
        )
    return DESTINATIONS[kind](settings, addresses, clock, crypto)


def rest_settings(settings: Mapping[str, object]) -> RestSettings:
    """Typed settings of `rest`; raises ConfigError with every complaint, never with a value."""
    try:
        return RestSettings.model_validate(settings)
    except ValidationError as error:
        complaints = [
            _complaint(found["loc"], found["type"], found["msg"])
            for found in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigError(
            "读取 destination", complaints="；".join(complaints), fix="按上述逐项修改"
        ) from error


def _complaint(loc: tuple[int | str, ...], kind: str, text: str) -> str:
    name = ".".join(["destination", *map(str, loc)])
    if kind == "missing":
        return f"缺少 {name}"
    if kind == "extra_forbidden":
        known = "、".join(RestSettings.model_fields)
        return f"不认识的键 {name}，可用：{known}"
    return f"{name} 的值不可用：{text.removeprefix('Value error, ')}"


def _open_rest(
    settings: Mapping[str, object], addresses: Addresses, clock: Clock, crypto: CryptoProvider
) -> Destination:
    typed = rest_settings(settings)
    return Rest(typed, load_profile(typed.profile), clock, crypto, addresses=addresses)


DESTINATIONS: Mapping[str, Open] = {"rest": _open_rest}
