"""What a new case is, who complains for whom, and who gets it: found out on one page, done in one act."""
