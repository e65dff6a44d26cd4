"""The law of an announcement: pure functions over plain values and Decimal, without Django."""
