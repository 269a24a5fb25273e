"""What the pages of 事前评估 list: budgets without a clearance, why one is due, assessments and their amounts."""
