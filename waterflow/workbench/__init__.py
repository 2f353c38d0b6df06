"""Workbench: the page on the negotiating table, and the JSON interface behind it (extra ``serve``)."""
