"""What each step of the workflow does: its function in functions/ only reads the event and passes in its adapters."""
