"""Ferries dumps of real hospital systems into a sandbox platform and says what became of every row.

Each example project beside this folder with a `real.yaml` takes part:

    title         name for people
    dump          the dump's path inside the folder of dumps
    server        postgresql or mariadb
    database      made anew for each run, on the local server
    url_variable  the environment variable that the project's source URL reads
    tables_aim    standard tables that should have accepted rows

Nothing of a dump is kept here, and nothing printed is a patient's value.
"""
