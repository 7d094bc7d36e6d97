"""What a reader holds in hand: a lab, its containers and networks, the engine's host."""
