"""The computer: its networks and addresses, clock and date, disks, battery, and the log."""
