"""One chart, many outputs: data, width class and id in, SVG text out."""
