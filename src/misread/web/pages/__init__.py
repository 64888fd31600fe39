"""The pages: what each shows, from what was asked. Each module has `view`, and a template of its name."""
