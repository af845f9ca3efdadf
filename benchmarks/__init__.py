"""What joining, voting and showing votes cost, against stock Voila."""
