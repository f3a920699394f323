"""The screen on which people code passages and settle their differences: in the browser and in JupyterLab."""
