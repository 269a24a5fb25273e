"""绩效目标申报表 in Excel and Word: how it is printed, and how it is read when it comes back filled."""
