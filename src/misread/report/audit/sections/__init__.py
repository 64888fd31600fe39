"""What single sections of the page of an audit tell and show."""
