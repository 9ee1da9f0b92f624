"""Paper and spreadsheets: plain dicts in, HTML, PDF or XLSX out. Knows no database, request or clock."""
