"""The cycle of 预算绩效管理, in order. Within a year imports run against time: later stages read earlier ones only."""
