"""Pages of 指标库: the list, one entry, what sheets propose, and finding for a project."""
