"""The monitoring form in Excel, in the official layout: out with what is known, in again with what was filled."""
