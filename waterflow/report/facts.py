def report(basin, dataset): return {}
