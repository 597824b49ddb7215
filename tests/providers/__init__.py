"""The sources' clients: against answers in the recorded shapes, every known trap, and every fault."""
