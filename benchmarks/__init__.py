"""Speed and memory, as figures and ratios of one run on one machine: `make bench`."""
