"""What a verification saw: the record, reading and writing it, and whether it still holds."""
