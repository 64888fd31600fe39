"""`python -m misread`: the command line."""

from misread.cli import main

main()
