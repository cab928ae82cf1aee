"""What surveys are and who may be asked, pure."""
