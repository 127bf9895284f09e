"""The data types of Skimlist, grouped in modules by subject; nothing here does any input or output."""
