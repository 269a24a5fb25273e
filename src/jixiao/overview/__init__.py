"""总览：待办、绩效档案、数字、年度报告。Reads the stages, writes nothing of theirs."""
