"""The page that sets passages of one event side by side."""
