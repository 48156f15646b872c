"""A pause: the participant has vanished, and both mentors are asked again after 14 days."""
