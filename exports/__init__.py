"""Paper and spreadsheets: plain dicts in, HTML, PDF or XLSX bytes out. Knows no database, request or clock."""
