"""The staff pages at /console: one guard, one table of rights, plain forms that work without script."""
