"""Goal: a script can rely on the exit codes of docs/commands.md.
Method: commands in the order of a newcomer: a new project, damaged ones, without a ledger, ferried into a sandbox, without a
platform; what each ended with is a case. `run` and `demo` have their own tests beside: tests/acceptance."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from medferry.cli.main import EXIT_FINDINGS, EXIT_USAGE, EXIT_WORLD, cli
from medferry.cli.new import new_project
from medferry.errors import MedferryError
from medferry_sandbox.platform.server import running_sandbox
from medferry_sandbox.platform.settings import SandboxSettings

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens


def ended(line: str, folder: Path, platform: str = NOBODY) -> int:
    """As `medferry.cli.main.main` ends: an error that a user may see is the world's."""
    environ = {"MEDFERRY_PLATFORM_URL": platform}
    answer = CliRunner().invoke(cli, shlex.split(line.format(p=f"--project {folder}", f=folder)), env=environ)
    if isinstance(answer.exception, MedferryError):
        return EXIT_WORLD
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    new_project(tmp_path / "hospital")
    return tmp_path / "hospital"


@pytest.fixture(scope="module")
def ferried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, int]]:
    """A project whose sample was sent, one row held; where its platform still is; how the run ended."""
    folder = tmp_path_factory.mktemp("codes")
    new_project(folder / "hospital")
    settings = SandboxSettings(
        data=folder / "sandbox", port=0, control_port=0, waivers=folder / "hospital/waivers.yaml"
    )
    with running_sandbox(settings) as sandbox:
        code = ended("run --until-quiet {p}", folder / "hospital", sandbox.url)
        yield folder / "hospital", sandbox.url, code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("new {f}", EXIT_USAGE),
        ("lint {p}", 0),
        ("test {p}", 0),
        ("preview patient {p}", EXIT_FINDINGS),
        ("preview patient --rows 1 {p}", 0),
        ("preview visit {p}", EXIT_USAGE),
        ("preview patient --route his.patent {p}", EXIT_USAGE),
        ("test --route his.patent {p}", EXIT_USAGE),
        ("catalog diff jiangxi 2050", EXIT_USAGE),
        ("catalog export {f}/a.html --table vist {p}", EXIT_USAGE),
        ("probe {p}", EXIT_FINDINGS),
        ("probe --no-platform {p}", 0),
        ("probe --source lis {p}", EXIT_USAGE),
        ("run --until-quiet --at-most-s 0 {p}", EXIT_USAGE),
        ("status {p}", EXIT_WORLD),
        ("gaps {p}", EXIT_WORLD),
        ("score {p}", EXIT_WORLD),
        ("coverage {p}", EXIT_WORLD),
        ("trail patient 1 {p}", EXIT_WORLD),
        ("review {p}", EXIT_WORLD),
        ("resend patient 1 --by a --because b {p}", EXIT_WORLD),
        ("checks learn {p}", EXIT_WORLD),
        ("codes unmapped {p}", EXIT_WORLD),
        ("catalog list", 0),
        ("catalog show visit", 0),
        ("catalog show vist", EXIT_USAGE),
        ("catalog diff jiangxi jiangxi", 0),
        ("status --projct x", EXIT_USAGE),
    ],
)
def test_before_anything_ran(fresh: Path, line: str, code: int) -> None:
    assert ended(line, fresh) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("run --until-quiet {p}", EXIT_FINDINGS),
        ("run --at-most-s 1 {p}", 0),
        ("status {p}", 0),
        ("gaps {p}", 0),
        ("score --no-store {p}", 0),
        ("coverage {p}", 0),
        ("coverage patent {p}", EXIT_USAGE),
        ("trail patient 1 {p}", 0),
        ("trail patient 999 {p}", EXIT_FINDINGS),
        ("trail patent 1 {p}", EXIT_USAGE),
        ("resend patent 1 --by a --because b {p}", EXIT_USAGE),
        ("codes suggest 7 --codes his_marita {p}", EXIT_USAGE),
        ("codes suggest 7 --value-set X {p}", EXIT_USAGE),
        ("codes accept his_marita 7 40 --by a --because b {p}", EXIT_USAGE),
        ("review {p}", 0),
        ("resend patient 1 --by a --because b {p}", EXIT_FINDINGS),
        ("checks learn {p}", 0),
        ("codes unmapped {p}", EXIT_FINDINGS),
        ("codes suggest 男 --value-set 'GB/T 2261.1' {p}", 0),
        ("codes suggest 无此名称 --value-set 'GB/T 2261.1' {p}", EXIT_FINDINGS),
        ("probe {p}", 0),
    ],
)
def test_after_a_run_with_a_held_row(ferried: tuple[Path, str, int], line: str, code: int) -> None:
    folder, platform, ran = ferried
    assert ran == EXIT_FINDINGS
    assert ended(line, folder, platform) == code


def test_a_run_without_held_rows_ends_with_0_and_with_a_failed_route_with_1(
    fresh: Path, tmp_path: Path
) -> None:
    codes = fresh / "codes/his_marital.csv"
    codes.write_text(codes.read_text(encoding="utf-8") + "7,40,离异,离婚,\n", encoding="utf-8")
    settings = SandboxSettings(
        data=tmp_path / "sandbox", port=0, control_port=0, waivers=fresh / "waivers.yaml"
    )
    with running_sandbox(settings) as sandbox:
        assert ended("run --until-quiet {p}", fresh, sandbox.url) == 0
        query = fresh / "queries/his/patient.sql"
        query.write_text(query.read_text(encoding="utf-8").replace("BRXX", "NO_SUCH"), encoding="utf-8")
        assert ended("run --until-quiet {p}", fresh, sandbox.url) == EXIT_FINDINGS


def test_a_project_with_an_error_is_1_to_lint_and_3_to_all_others(fresh: Path) -> None:
    mapping = fresh / "mappings/his/patient.yaml"
    mapping.write_text(
        mapping.read_text(encoding="utf-8").replace("patient_id: BRID", "patient_no: BRID"), encoding="utf-8"
    )
    assert ended("lint {p}", fresh) == EXIT_FINDINGS
    for command in (
        "test",
        "probe",
        "preview patient",
        "run --until-quiet",
        "status",
        "gaps",
        "codes unmapped",
    ):
        assert ended(f"{command} {{p}}", fresh) == EXIT_WORLD


def test_a_source_that_cannot_be_read_ends_preview_with_3_and_is_told_once(fresh: Path) -> None:
    (fresh / "run/sample_his.sqlite").unlink()
    answer = CliRunner().invoke(cli, ["preview", "patient", "--project", str(fresh)])
    assert isinstance(answer.exception, MedferryError)
    assert answer.output == "", "main() tells the error, nobody before it"


def test_a_case_that_is_red_ends_with_1(fresh: Path) -> None:
    case = fresh / "tests/patient.yaml"
    case.write_text(case.read_text(encoding="utf-8").replace("sex_code: 1", "sex_code: 2"), encoding="utf-8")
    assert ended("test {p}", fresh) == EXIT_FINDINGS


def test_the_remedy_of_a_probe_is_told_once_with_the_port(fresh: Path) -> None:
    told = (
        CliRunner()
        .invoke(cli, ["probe", "--project", str(fresh)], env={"MEDFERRY_PLATFORM_URL": NOBODY})
        .output
    )
    assert told.count("处理办法") == 1
    assert "port=9，" in told


def test_a_folder_without_a_project_is_named(tmp_path: Path) -> None:
    told = CliRunner().invoke(cli, ["lint", "--project", str(tmp_path)]).output
    assert f"目录 {tmp_path} 里没有 medferry.yaml" in told
    assert "--project" in told
