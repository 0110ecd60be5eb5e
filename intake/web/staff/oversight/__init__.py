"""The monitoring officer's pages: the register of concerns, words for the committee, issues of governance."""
