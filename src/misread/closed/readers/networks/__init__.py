"""Five public expression networks, as private readers of rendered faces: nothing here takes a picture from outside."""
