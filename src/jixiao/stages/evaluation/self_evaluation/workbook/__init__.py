"""项目支出绩效自评表 in Excel and Word: how it is printed, and how it is read when it comes back filled."""
