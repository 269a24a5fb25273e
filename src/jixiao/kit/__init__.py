"""Mechanisms that know Office files and Django but not 绩效: declared tables, guarded uploads, files, acts, pages."""
