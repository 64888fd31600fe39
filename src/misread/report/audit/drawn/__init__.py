"""What the page of an audit draws: lines with dots, and the heat map."""
