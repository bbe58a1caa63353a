"""Writes src/medferry_sandbox/sunshine_hospital/codes/ anew from the hospital's code lists."""

from __future__ import annotations

from pathlib import Path

from medferry_sandbox.hospital.code_lists import write_code_files
from medferry_sandbox.hospital.world import all_domains

CODES = Path(__file__).parents[2] / "src" / "medferry_sandbox" / "sunshine_hospital" / "codes"

if __name__ == "__main__":
    all_domains()
    print(f"{len(write_code_files(CODES))} lists")
