"""Tables that may be handed on: small counts are left out, and what would give them away."""
