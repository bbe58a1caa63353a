"""`medferry sandbox`: a pretend provincial platform to try everything on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from medferry_sandbox.platform.settings import SandboxSettings


@click.group()
def group() -> None:
    """沙箱平台：一个可以随意试的省平台。"""


@group.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8600,
    show_default=True,
    help="业务端口，0 为任意空闲端口",
)
@click.option(
    "--control-port", type=click.IntRange(0, 65535), default=8601, show_default=True, help="控制端口"
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("sandbox_data"),
    show_default=True,
    help="存放平台数据的文件夹",
)
@click.option(
    "--profile", type=click.Path(dir_okay=False, path_type=Path), help="平台配置（YAML），缺省为内置配置"
)
@click.option(
    "--waivers", type=click.Path(dir_okay=False, path_type=Path), help="项目的豁免文件，其中字段不要求必填"
)
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="项目目录：照它的 waivers.yaml 与 medferry.yaml 的 catalog、checks、codings 收",
)
@click.option("--edition", help="标准版本，如 jiangxi，或项目 catalog/ 下的版本；用来预演切换")
@click.option("--org", "orgs", multiple=True, help="登记的机构代码，可重复；不给则任何机构都可上报")
@click.option("--sink", is_flag=True, help="全部接收，不校验、不存记录，只计数（压测用）")
@click.option("--no-verify", is_flag=True, help="不验令牌与签名（压测用）")
@click.option(
    "--answer-delay-ms",
    type=click.IntRange(0, 600_000),
    default=0,
    show_default=True,
    help="应答前等待的毫秒数",
)
def serve(
    *,
    port: int,
    control_port: int,
    data: Path,
    profile: Path | None,
    waivers: Path | None,
    project: Path | None,
    edition: str | None,
    orgs: tuple[str, ...],
    sink: bool,
    no_verify: bool,
    answer_delay_ms: int,
) -> None:
    """启动沙箱平台，按 Ctrl+C 停止。"""
    from medferry_sandbox.platform.server import serve as run
    from medferry_sandbox.platform.settings import Profile, SandboxSettings, read_profile

    own, main = (project / "waivers.yaml", project / "medferry.yaml") if project else (None, None)
    name = edition or (_edition_of(main) if main and main.is_file() else None)
    settings = SandboxSettings(
        data=data,
        port=port,
        control_port=control_port,
        profile=read_profile(profile) if profile else Profile(),
        waivers=waivers or (own if own and own.is_file() else None),
        checks=main if main and main.is_file() else None,
        edition=_folders_of(name, project) if name and name != "jiangxi" else (),
        orgs=orgs,
        sink=sink,
        verify=not no_verify,
        answer_delay_ms=answer_delay_ms,
    )
    run(
        settings,
        lambda addresses: _tell(settings, addresses.url, addresses.control_url, addresses.storage_path),
    )


def _edition_of(main: Path) -> str | None:
    """The edition that a project follows today: of two the later one once every table has changed over to it."""
    import yaml

    from medferry.clock import SystemClock

    page = yaml.safe_load(main.read_text(encoding="utf-8"))
    said = page.get("catalog") if isinstance(page, dict) else None
    if not isinstance(said, dict):
        return str(said) if said else None
    days = [str(day) for day in (said.get("switch") or {}).values()]
    is_over = bool(days) and max(days) <= SystemClock().now().date().isoformat()
    return str(said.get("next" if is_over else "edition"))


def _folders_of(edition: str, project: Path | None) -> tuple[Path, ...]:
    from medferry.catalog.editions.folders import load_edition

    return load_edition(edition, project).files.folders


def _tell(settings: SandboxSettings, url: str, control_url: str, storage_path: Path) -> None:
    (app_key, app_secret), *_ = settings.app_keys
    lines = [
        ("业务地址", f"{url}/hip/v1"),
        ("控制地址", f"{control_url}/_sandbox"),
        ("应用标识", app_key),
        ("应用密钥", app_secret),
        ("登记机构", "、".join(settings.orgs) or "任意"),
        ("数据文件", str(storage_path)),
        ("工作方式", "全部接收，不校验（压测）" if settings.sink else "逐条校验"),
    ]
    if settings.edition:
        lines.append(("标准版本", settings.edition[0].name))
    click.echo("沙箱平台已启动（演示用，请勿上传真实患者数据）")
    for name, value in lines:
        click.echo(f"  {name}  {value}")
    click.echo("按 Ctrl+C 停止。")
