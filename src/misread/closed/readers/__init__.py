"""What reads the rendered faces. All of it is private to the closed classroom and takes only its own stimuli."""
