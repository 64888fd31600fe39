"""The page: everything that the engines find, on a person's own machine, offline."""
