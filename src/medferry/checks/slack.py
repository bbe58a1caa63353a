"""What computing with halves of halves may lose of decimal numbers, and a comparison must not take for a difference."""

from __future__ import annotations

from typing import Final

SLACK: Final = 5e-7
"""Less than the smallest step that numbers of the standard have (a price of four decimals by a quantity of two), more
than is lost on a hundred million.
"""
