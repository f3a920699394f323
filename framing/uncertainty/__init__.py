"""Resampling by cluster, intervals and joint tests: what estimates and measures of agreement are made sure with."""
