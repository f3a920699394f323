"""A finished report for a paper: tables as DOCX, LaTeX and wide CSV, figures as PDF, methods with a bibliography."""
