"""The search for the setting kindest to the vendor."""
