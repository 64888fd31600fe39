"""Commands about what is open: what cameras could see, which inputs matter, which claims hold."""
