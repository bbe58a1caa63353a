"""The verbs of a mapping: `verbs: [trim, {date: "%Y/%m/%d"}]`, each a function in this folder.

Every column is trimmed and '' is null before the first verb. A verb leaves what it cannot treat as it is,
so that the checks find it; null stays null unless the verb says otherwise.
"""

from medferry.mapping.verb import VERBS
from medferry.mapping.verbs import numbers, text, times

__all__ = ["VERBS", "numbers", "text", "times"]
