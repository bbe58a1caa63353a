"""The rules of rules.csv as the platform judges them: written from their words, record by record.

`tables/<table>.py` holds a table's rules under their ids in rules.csv: most are a line of `demands` with its
`conditions`, what no line says is a plain function. `book` says how they are written down, `beside` what they may look
at, `texts` and `lists` how they read texts, `review` judges those that look at other records, over all that the
platform holds. What several tables share stands in `owner`, `orders`, `deliveries` and `diagnoses`.
"""
