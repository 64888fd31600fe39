"""What the pages draw that is no chart: children, and the things around them, as SVG."""
