"""What was sent along and what the charts say: kept by content, with its sensitivity and the consent it came under."""
