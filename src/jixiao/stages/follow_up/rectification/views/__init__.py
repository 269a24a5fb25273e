"""The pages of 整改: the list, one item, and the notices."""
