"""Pages of 事前评估: the year's list, opening and exemptions, one assessment, its experts, 财政评审, the report."""
