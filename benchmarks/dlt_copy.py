"""dlt copying the same table into DuckDB: it reads and stores; it neither maps, checks, signs nor asks for receipts."""

from __future__ import annotations

import os
from typing import Literal

from benchmarks.ground import Ground
from benchmarks.meter import Measured, Meter
from benchmarks.purchases import SOURCE_TABLE

Way = Literal["default", "parquet", "arrow"]
DATASET = "copied"


def measure_dlt(ground: Ground, rows: int, way: Way) -> Measured:
    """default: rows as Python objects, loaded by INSERT; parquet: the same, loaded as dlt's pages advise; arrow: Arrow
    batches all the way. Seconds of dlt's three steps stand in `more`.
    """
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = str(ground.folder / "dlt")
    import dlt
    import duckdb
    from dlt.sources.sql_database import sql_table

    source, target = ground.source(rows), ground.folder / "copy.duckdb"
    steps = {"extract": Meter(), "normalize": Meter(), "load": Meter()}
    whole = Meter()
    with whole.running():
        pipeline = dlt.pipeline(
            f"bench_{way}",
            pipelines_dir=str(ground.folder / "pipelines"),
            destination=dlt.destinations.duckdb(str(target)),
            dataset_name=DATASET,
        )
        table = sql_table(
            credentials=f"sqlite:///{source}",
            table=SOURCE_TABLE,
            backend="pyarrow" if way == "arrow" else "sqlalchemy",
        )
        with steps["extract"].running():
            pipeline.extract(table, loader_file_format="parquet" if way == "parquet" else None)
        with steps["normalize"].running():
            pipeline.normalize()
        with steps["load"].running():
            pipeline.load()
    with duckdb.connect(str(target), read_only=True) as database:
        found = database.execute(f"SELECT count(*) FROM {DATASET}.{SOURCE_TABLE}").fetchone()
    assert found == (rows,), f"dlt copied {found} rows of {rows}"
    return whole.measured(
        f"dlt_{way}", rows, {f"{name}_seconds": step.seconds for name, step in steps.items()}
    )
