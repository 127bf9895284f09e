"""Learns the weights with which the extractive model rates sentences."""
