"""How are files read and written so that nothing is lost, guessed or half there?"""

from framing.files.cache import KeptValues
from framing.files.identity import code_hash, library_versions
from framing.files.strict_yaml import parse_yaml, read_yaml, validate
from framing.files.whole import check_output, hold_lock, whole_file, whole_folder, write_table, write_whole

__all__ = [
    "KeptValues",
    "check_output",
    "code_hash",
    "hold_lock",
    "library_versions",
    "parse_yaml",
    "read_yaml",
    "validate",
    "whole_file",
    "whole_folder",
    "write_table",
    "write_whole",
]
