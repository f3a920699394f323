"""Validation: how far do scores and people agree?"""
