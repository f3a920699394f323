"""Encoders: texts to vectors of unit length, each text encoded once."""
