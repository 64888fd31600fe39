"""A card is made: heads are rendered and read in processes of their own. Needs the extra `closed`."""
