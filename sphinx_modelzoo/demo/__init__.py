"""The embedded demo zoo: manifest, weights, clips and the generator of its clips."""
