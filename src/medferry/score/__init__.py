"""The province's score, told before the province tells it: per row facts, sums, points, deductions, gaps."""
