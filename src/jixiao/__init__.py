"""绩效：预算绩效管理系统。The folders are the cycle; see docs/decisions/0001-the-house.md."""

__version__ = "0.1.0"
