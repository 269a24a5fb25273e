"""The pages of 绩效目标, a file for each thing that is looked at."""
