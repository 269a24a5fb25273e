"""The forms of 绩效目标: a sheet's indicators with its review, and the plan of an overall sheet."""
