"""What the pages of 绩效评价 show: evaluations and their marks, and what waits for whom."""
