"""The steps of the workflow. The function of each step, in functions/, reads the event and passes in the adapters."""
