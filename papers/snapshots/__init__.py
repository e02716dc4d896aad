"""The whole public catalogue as files, and back: what stands in them, making them, keeping them, taking one in."""
