"""The sampled engine: made-up pupils, look by look, from keys that no policy changes."""
