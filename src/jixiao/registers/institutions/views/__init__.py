"""第三方机构 and 专家 pages."""
