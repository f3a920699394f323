"""One analysis of a corpus: its documents, passages, scores, decisions and labels, which every estimate starts from."""
