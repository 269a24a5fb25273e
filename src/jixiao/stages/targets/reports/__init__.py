"""How target sheets are listed, read and compared."""
