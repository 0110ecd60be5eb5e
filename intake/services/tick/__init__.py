"""What happens because time passes: steps that fall due, and the post."""
