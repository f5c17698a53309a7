"""The courts: which there are, how a person finds one, when each went live, what each says about credentials."""
