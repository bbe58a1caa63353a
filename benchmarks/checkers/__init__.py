"""The same rules of one table in four checkers: ours, pydantic, pandera on pandas, dataframely on Polars.

Every rival carries what `said.said_of` tells: of each field whether it must be filled, its writing (numbers with their
digits, real dates and times), its length in characters, debris, words that say nothing, its list of codes; and every
rule of the table that reads nothing but the row, conditionally required fields and identity cards among them. Each is
written as its user would: constraints compiled in Rust and one validator for what concerns several fields (pydantic),
checks over columns, all findings gathered (pandera, lazily), column constraints and rules as Polars expressions, the
failing rows filtered out with their reasons (dataframely). Pydantic's and pandera's cross-field rules come from the
kinds of rules (`python_rules`, `numpy_rules`), dataframely's are our own expressions.

Ours does more in the same time, which nobody else is asked for: it tells a warning from an error, counts what nobody
could judge (three rules about the visit among it), compares versions of one key, and names row, field, check and code.
"""
