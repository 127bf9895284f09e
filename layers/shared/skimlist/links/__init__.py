"""Links in pasted text: decoding it, finding addresses in it, and what each address names."""
