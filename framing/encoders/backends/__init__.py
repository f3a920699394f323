"""Backends: what multiplies the matrices of an encoder, chosen by what the machine and the model have."""
