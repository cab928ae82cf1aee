"""A made-up company, simulated: Northwind Travel sells trips by subscription in an app, a web shop and stores.

Nothing here is anybody's data. `company` holds the planted truths, `simulate` draws a world from a seed, `build` brings
it into a workspace by the product's public ways in and writes the truths to a file that no measure reads.
"""
