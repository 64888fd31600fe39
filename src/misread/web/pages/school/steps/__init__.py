"""One module a step: `absorb`, what its form adds to what is kept, and `told`, what its template is given."""
