"""评价底稿 and an expert's own marks in Excel: how they are printed, and how they are read when they come back."""
