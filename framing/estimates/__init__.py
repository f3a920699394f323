"""Estimates: what share, and which differences are real?"""
