"""An invented council's life, lived through the services as any client lives through them."""
