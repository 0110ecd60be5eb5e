"""The two doors: `public` for reporters, `staff` for officers, and what both share in look and habit."""
