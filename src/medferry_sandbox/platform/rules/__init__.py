"""The rules of rules.csv as the platform judges them: written from their words, record by record.

`tables/<table>.py` holds a table's rules, one plain function each, named by their ids in rules.csv. `book` says how
they are written down, `beside` what they may look at, `reading` how they read texts, `review` judges those that look at
other records, over all that the platform holds.
"""
