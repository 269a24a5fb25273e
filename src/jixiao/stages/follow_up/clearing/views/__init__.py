"""Pages of 存量资金清理."""
