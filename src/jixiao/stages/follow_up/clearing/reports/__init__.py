"""What clearing finds, and what its pages and tables show."""
