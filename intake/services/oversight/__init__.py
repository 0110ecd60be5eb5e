"""What the monitoring officer answers for: the register of concerns, words for the committee, issues of governance."""
