"""Runs all of Skimlist on one machine: the template on an AWS emulator, and the commands around it."""
