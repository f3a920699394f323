"""Which files has a project of one's own, and how are they laid out and kept up to date?"""

from framing.template.layout import Layout, lay_out_project

__all__ = ["Layout", "lay_out_project"]
