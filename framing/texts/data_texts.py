"""English texts of tables and files that readers see translated: methods, reasons, remarks, values of columns."""

from framing.texts.phrases import phrase_later

__all__ = ["DATA_TEXTS"]

DATA_TEXTS = (phrase_later("percentile bootstrap over documents"),)
