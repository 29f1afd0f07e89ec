"""One run on many machines that know nothing of each other: shards, and merging them."""
