"""Is it the river? The model beside the past."""
