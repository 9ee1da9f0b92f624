"""What only the server decides, and properties no table of cases can show."""
