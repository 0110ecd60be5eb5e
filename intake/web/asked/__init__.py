"""What both doors ask: the questions and their answers, in which order, and what is made of them."""
