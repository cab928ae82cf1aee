"""The ways out of the house, one file each; every one of them is an action that plays may take."""
