"""Text in any language: its words, sentences and phrases, and which of them matter."""
