"""网页：how pages are made: templates, shell, forms, paging, headers. Knows Django and HTML, not 绩效."""
