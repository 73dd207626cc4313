"""Item types, the bank that is read from files, and the versions of it that never change."""
