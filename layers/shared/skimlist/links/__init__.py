"""Finds links in pasted text: decodes the text, finds addresses in it, and identifies what each address names."""
