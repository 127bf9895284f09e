"""The things Skimlist works with, a module for each; nothing here talks to the outside."""
