"""Analysis: everything one run knows of a corpus before it estimates anything."""
