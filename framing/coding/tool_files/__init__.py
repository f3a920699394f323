"""Files of other tools for coding: their tasks, and the labels, coders and spans that come back."""
