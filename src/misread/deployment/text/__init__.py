"""The deployment file as text: where its keys stand, overlays, refusals in plain words, writing it again."""
