"""基础库: what every stage refers to. Across years everything travels through here."""
