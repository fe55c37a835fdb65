"""The page in real browsers, against the real local stack: the eight scenarios of the design document, and more."""
