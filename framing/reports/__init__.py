"""Reports: notebooks run through one door, read as one page, published whole or not at all."""
