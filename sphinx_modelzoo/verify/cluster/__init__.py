"""Running on many machines: dask.distributed hands pieces of the order to workers."""
