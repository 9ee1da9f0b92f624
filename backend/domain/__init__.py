"""The functional core: what the business decides, without database, network, clock or files."""
