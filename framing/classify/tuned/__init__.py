"""An expert that tunes the encoder: cross-fitted members, each with a linear head."""
