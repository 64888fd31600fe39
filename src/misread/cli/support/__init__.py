"""What several commands share: options, progress, summaries, files."""
