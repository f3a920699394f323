"""Resampling by cluster, intervals and joint tests, on which estimates and measures of agreement rest."""
