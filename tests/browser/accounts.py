"""The password of the accounts that the scene adds to those of the demo."""

PASSWORD = "Long-enough-1"
