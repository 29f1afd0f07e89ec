"""Model cards: what a card says of a model, and the templates that say it."""
