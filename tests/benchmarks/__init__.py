"""
``make bench``: prices as ratios, never as times, for times mean nothing on a shared machine (product.md, Speed).

Y is the price of a plain Django view with a template of ten rows and no database, measured in the same process and in turn with
everything else.
"""
