"""What the pages of 单位自评 show."""
