"""A department's machine: JupyterHub, nbgrader's exchange, PostgreSQL, a Dask cluster."""
