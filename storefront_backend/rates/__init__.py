"""Rate sources beside the shop's own table: the ECB's daily file, and any server of JSON."""
