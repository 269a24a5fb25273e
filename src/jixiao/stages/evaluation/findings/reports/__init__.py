"""What the pages of 自评审核 show, and what an audit reads from the tables."""
