"""What the river is: frozen, validated data, with no files and no solver in sight."""
