"""Files that are whole or not there, whatever interrupts the writing."""
