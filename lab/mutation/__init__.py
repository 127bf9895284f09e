"""Mutation testing: do the tests notice small changes of the code that they test?"""
