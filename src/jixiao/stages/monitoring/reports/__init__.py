"""What the monitoring pages show, a file for each page."""
